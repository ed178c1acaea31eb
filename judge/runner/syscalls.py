"""System calls that programs may make, and their numbers on x86-64 and aarch64.

From the headers of Linux 6.1. The two machines have different numbers and not all of the same
calls; `-` is a call that one lacks.
"""

from __future__ import annotations

import platform

_RUN = """
read write readv writev pread64 pwrite64 close lseek fstat newfstatat stat lstat statx access
faccessat faccessat2 openat open readlink readlinkat getcwd getdents64 getdents dup dup2 dup3
pipe2 pipe mprotect munmap mremap madvise brk mincore msync rt_sigaction rt_sigprocmask
rt_sigreturn rt_sigpending rt_sigtimedwait rt_sigsuspend sigaltstack restart_syscall futex
set_robust_list get_robust_list rseq membarrier set_tid_address sched_yield sched_getaffinity
sched_getparam sched_getscheduler sched_get_priority_max sched_get_priority_min getcpu nanosleep
clock_nanosleep clock_gettime clock_getres gettimeofday time times getitimer setitimer alarm
getpid getppid gettid getuid geteuid getgid getegid getgroups getresuid getresgid getpgrp
getpgid getsid getpriority getrlimit getrusage sysinfo uname arch_prctl capget epoll_create1
epoll_create epoll_ctl epoll_wait epoll_pwait epoll_pwait2 eventfd2 eventfd poll ppoll select
pselect6 timerfd_create timerfd_settime timerfd_gettime execve exit exit_group getrandom umask
chdir fchdir fadvise64 statfs fstatfs
"""
RUN = frozenset(_RUN.split())
"""Harmless with any arguments: own memory, own threads, own descriptors, clocks, files by path
(Landlock decides which)."""

_COMPILE = """
fork vfork wait4 waitid unlink unlinkat rename renameat renameat2 mkdir mkdirat rmdir chmod
fchmod fchmodat link linkat symlink symlinkat utimensat fsync copy_file_range sendfile truncate
ftruncate fallocate
"""
COMPILE = frozenset(_COMPILE.split())
"""What compilers need besides: processes of their own, and files in the job's folder."""

NUMBERS = """
access 21 -; alarm 37 -; arch_prctl 158 -; brk 12 214; capget 125 90; chdir 80 49; chmod 90 -;
clock_getres 229 114; clock_gettime 228 113; clock_nanosleep 230 115; clone 56 220; clone3 435
435; close 3 57; connect 42 203; copy_file_range 326 285; dup 32 23; dup2 33 -; dup3 292 24;
epoll_create 213 -; epoll_create1 291 20; epoll_ctl 233 21; epoll_pwait 281 22; epoll_pwait2 441
441; epoll_wait 232 -; eventfd 284 -; eventfd2 290 19; execve 59 221; exit 60 93; exit_group 231
94; faccessat 269 48; faccessat2 439 439; fadvise64 221 223; fallocate 285 47; fchdir 81 50;
fchmod 91 52; fchmodat 268 53; fcntl 72 25; fork 57 -; fstat 5 80; fstatfs 138 44; fsync 74 82;
ftruncate 77 46; futex 202 98; get_robust_list 274 100; getcpu 309 168; getcwd 79 17; getdents
78 -; getdents64 217 61; getegid 108 177; geteuid 107 175; getgid 104 176; getgroups 115 158;
getitimer 36 102; getpgid 121 155; getpgrp 111 -; getpid 39 172; getppid 110 173; getpriority
140 141; getrandom 318 278; getresgid 120 150; getresuid 118 148; getrlimit 97 163; getrusage 98
165; getsid 124 156; gettid 186 178; gettimeofday 96 169; getuid 102 174; io_uring_setup 425
425; ioctl 16 29; kill 62 129; landlock_add_rule 445 445; landlock_create_ruleset 444 444;
landlock_restrict_self 446 446; link 86 -; linkat 265 37; lseek 8 62; lstat 6 -; madvise 28 233;
membarrier 324 283; memfd_create 319 279; mincore 27 232; mkdir 83 -; mkdirat 258 34; mmap 9
222; mprotect 10 226; mremap 25 216; msync 26 227; munmap 11 215; nanosleep 35 101; newfstatat
262 79; open 2 -; openat 257 56; pipe 22 -; pipe2 293 59; poll 7 -; ppoll 271 73; prctl 157 167;
pread64 17 67; prlimit64 302 261; pselect6 270 72; pwrite64 18 68; read 0 63; readlink 89 -;
readlinkat 267 78; readv 19 65; rename 82 -; renameat 264 38; renameat2 316 276; restart_syscall
219 128; rmdir 84 -; rseq 334 293; rt_sigaction 13 134; rt_sigpending 127 136; rt_sigprocmask 14
135; rt_sigreturn 15 139; rt_sigsuspend 130 133; rt_sigtimedwait 128 137; sched_get_priority_max
146 125; sched_get_priority_min 147 126; sched_getaffinity 204 123; sched_getparam 143 121;
sched_getscheduler 145 120; sched_yield 24 124; seccomp 317 277; select 23 -; sendfile 40 71;
set_robust_list 273 99; set_tid_address 218 96; setitimer 38 103; sigaltstack 131 132; socket 41
198; socketpair 53 199; stat 4 -; statfs 137 43; statx 332 291; symlink 88 -; symlinkat 266 36;
sysinfo 99 179; tgkill 234 131; time 201 -; timerfd_create 283 85; timerfd_gettime 287 87;
timerfd_settime 286 86; times 100 153; truncate 76 45; umask 95 166; uname 63 160; unlink 87 -;
unlinkat 263 35; utimensat 280 88; vfork 58 -; wait4 61 260; waitid 247 95; write 1 64; writev
20 66
"""

MACHINES = {"x86_64": (0, 0xC000003E), "aarch64": (1, 0xC00000B7)}
"""Column of a machine in NUMBERS, and how the kernel names its calls (AUDIT_ARCH)."""


def numbers_of(machine: str) -> dict[str, int]:
    """Numbers by name for `x86_64` or `aarch64`; raises KeyError for another machine."""
    column = MACHINES[machine][0]
    rows = (cell.split() for cell in NUMBERS.split(";"))
    return {name: int(values[column]) for name, *values in rows if values[column] != "-"}


MACHINE = platform.machine()
SUPPORTED = MACHINE in MACHINES
NUMBER_OF = numbers_of(MACHINE) if SUPPORTED else {}
