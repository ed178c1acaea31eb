"""The network, other processes, the kernel, the compiler, and the verdict itself."""

from __future__ import annotations

from tests.judge.attacks import ENDS, FAILS, REFUSED, Attack, cpp_call, java_main, python_tries

# What may fail as EPERM or ENOSYS and nothing else: any other error has reached the kernel's code.
CALLS = (
    *("unshare", "setns", "mount", "umount2", "bpf", "perf_event_open", "userfaultfd", "keyctl"),
    *(
        "add_key",
        "request_key",
        "io_uring_setup",
        "io_uring_enter",
        "open_by_handle_at",
        "personality",
    ),
    *(
        "shmget",
        "shmat",
        "msgget",
        "semget",
        "mq_open",
        "init_module",
        "finit_module",
        "kexec_load",
    ),
    *("ptrace", "chroot", "pivot_root", "setuid", "setgid", "setreuid", "setresuid", "setgroups"),
    *("capset", "seccomp", "inotify_init1", "fanotify_init", "execveat", "memfd_create"),
    *(
        "memfd_secret",
        "sched_setaffinity",
        "sched_setscheduler",
        "setpriority",
        "vmsplice",
        "splice",
    ),
    *("tee", "clone3", "pidfd_open", "pidfd_getfd", "pidfd_send_signal", "process_vm_readv"),
    *(
        "process_vm_writev",
        "process_madvise",
        "kcmp",
        "rt_sigqueueinfo",
        "rt_tgsigqueueinfo",
        "tkill",
    ),
    *("sendmsg", "recvmsg", "sendto", "bind", "listen", "accept4", "setsockopt", "sethostname"),
    *(
        "settimeofday",
        "clock_settime",
        "adjtimex",
        "reboot",
        "swapon",
        "syslog",
        "acct",
        "quotactl",
    ),
    *(
        "ioperm",
        "iopl",
        "modify_ldt",
        "setrlimit",
        "ioprio_set",
        "mlock",
        "mlockall",
        "remap_file_pages",
    ),
    *("timer_create", "fork", "vfork", "setsid", "setpgid", "mknod", "mkdir", "chmod", "truncate"),
    *("fallocate", "name_to_handle_at", "move_pages", "mbind", "set_mempolicy", "lookup_dcookie"),
)

ATTACKS = [
    Attack(
        "connects to this machine",
        "python",
        "import socket\ns = socket.create_connection(('127.0.0.1', PORT), 2); s.send(b'x'); print('ESCAPED')",
        FAILS,
    ),
    python_tries(
        "opens sockets of every kind",
        "kinds = [(socket.AF_INET, 2), (socket.AF_INET6, 1), (socket.AF_UNIX, 1), (socket.AF_UNIX, 2),"
        " (16, 3), (17, 3), (38, 5), (40, 1), (31, 1), (29, 3)]\n"
        "tries = [(str(k), lambda k=k: socket.socket(*k)) for k in kinds]\n"
        "tries += [('pair', lambda: socket.socketpair(socket.AF_INET))]",
    ),
    Attack(
        "speaks through a pair of sockets",
        "python",
        "import socket\na, b = socket.socketpair()\n"
        "for act in (lambda: a.connect('/run/x'), lambda: a.bind(b'\\0x'), lambda: a.sendmsg([b'x']),"
        " lambda: a.setsockopt(1, 8, 1 << 28), lambda: a.listen()):\n"
        "    try: act(); print('ESCAPED')\n    except OSError: pass",
        ENDS,
    ),
    Attack(
        "connects",
        "javascript",
        "require('net').connect(PORT, '127.0.0.1').on('connect', () => console.log('ESCAPED'))"
        ".on('error', () => process.exit(1))",
        FAILS,
    ),
    java_main(
        "connects",
        'new Socket("127.0.0.1", PORT).getOutputStream().write(1); System.out.println("ESCAPED");',
        FAILS,
    ),
    Attack(
        "asks for a name",
        "python",
        "import socket\ntry: print('ESCAPED', socket.getaddrinfo('example.org', 80))\nexcept OSError: pass",
        ENDS,
    ),
    python_tries(
        "kills others",
        "tries = [(p, lambda p=p: os.kill(p, 9)) for p in (VICTIM, os.getppid(), -1, 0, 1, -os.getpid())]",
    ),
    cpp_call(
        "kills others by their threads",
        "unistd.h sys/syscall.h cstdio",
        'if (syscall(SYS_tgkill, VICTIM, VICTIM, 9) == 0 || syscall(SYS_tkill, VICTIM, 9) == 0) puts("ESCAPED");',
    ),
    cpp_call(
        "looks into others",
        "sys/ptrace.h sys/uio.h sys/syscall.h unistd.h cstdio",
        'if (ptrace(PTRACE_ATTACH, VICTIM, 0, 0) >= 0 || ptrace(PTRACE_TRACEME, 0, 0, 0) >= 0) puts("ESCAPED");'
        " char b[8]; iovec l{b, 8}, q{(void *) 0x400000, 8};"
        ' if (process_vm_readv(VICTIM, &l, 1, &q, 1, 0) >= 0) puts("ESCAPED");'
        ' if (syscall(434, VICTIM, 0) >= 0) puts("ESCAPED");',
    ),
    cpp_call(
        "calls what nobody needs",
        "unistd.h sys/syscall.h sched.h cstdio cerrno cstring",
        "struct { long number; const char *name; } calls[] = {"
        + ", ".join(f'{{SYS_{name}, "{name}"}}' for name in CALLS if name != "memfd_secret")
        + ', {447, "memfd_secret"}};'
        " for (auto &c : calls) { errno = 0; long r = syscall(c.number, 0, 0, 0, 0, 0, 0);"
        ' if (r >= 0 || (errno != EPERM && errno != ENOSYS)) printf("ESCAPED %s %ld %s\\n", c.name, r, strerror(errno)); }'
        ' if (syscall(SYS_unshare, 0x10000000) >= 0 || syscall(SYS_prlimit64, VICTIM, 0, 0, 0) >= 0) puts("ESCAPED");',
    ),
    cpp_call(
        "calls as another kind of machine",
        "cstdio unistd.h sys/syscall.h",
        'long r = syscall(0x40000000 + 41, 2, 1, 0); if (r >= 0) puts("ESCAPED"); fflush(stdout); int x;'
        ' asm volatile("int $0x80" : "=a"(x) : "a"(20)); printf("ESCAPED %d\\n", x);',
        FAILS,
    ),
    cpp_call(
        "makes a process that looks like a thread",
        "sched.h unistd.h sys/syscall.h csignal cstdio cerrno",
        "long flags[] = {CLONE_VM, CLONE_VM | CLONE_SIGHAND, CLONE_VM | CLONE_VFORK | SIGCHLD, CLONE_PARENT,"
        " CLONE_THREAD | CLONE_VM | CLONE_SIGHAND | CLONE_NEWUSER, 0x10000000, 0x80, 0x40000000};"
        " for (long f : flags) { long p = syscall(SYS_clone, f, 0, 0, 0, 0); if (p == 0) _exit(0);"
        ' if (p > 0) printf("ESCAPED %lx\\n", f); }',
    ),
    cpp_call(
        "changes what it is",
        "sys/prctl.h unistd.h cstdio",
        "int options[] = {4, 8, 1, 22, 36, 38, 47, 35, 59, 0x59616d61, 24, 28};"
        ' for (int o : options) { long r = prctl(o, 1, 0, 0, 0); if (r >= 0 && o != 38) printf("ESCAPED %d\\n", o); }',
    ),
    cpp_call(
        "types into a terminal",
        "sys/ioctl.h unistd.h cstdio fcntl.h",
        'char c = 10; if (ioctl(0, TIOCSTI, &c) >= 0 || ioctl(1, TIOCSCTTY, 0) >= 0 || open("/dev/tty", O_RDWR) >= 0'
        ' || open("/dev/ptmx", O_RDWR) >= 0) puts("ESCAPED");',
    ),
    Attack(
        "runs a shell",
        "python",
        "import subprocess; subprocess.run(['/bin/sh', '-c', 'id'], check=True)",
        FAILS,
    ),
    Attack(
        "becomes a shell",
        "python",
        "import os; os.execv('/bin/sh', ['sh', '-c', 'echo ESCAPED'])",
        FAILS,
    ),
    Attack(
        "becomes a shell through the loader",
        "python",
        "import os, glob\nld = glob.glob('/lib64/ld-linux*') + glob.glob('/lib/ld-linux*')\n"
        "os.execv(ld[0], ['ld', '/bin/sh', '-c', 'echo ESCAPED'])",
        FAILS,
    ),
    Attack(
        "becomes a program with more rights",
        "python",
        "import os\nfor p in ('/usr/bin/su', '/usr/bin/passwd', '/usr/lib/openssh/ssh-keysign',"
        " '/usr/lib/dbus-1.0/dbus-daemon-launch-helper'):\n"
        "    try: os.execv(p, [p])\n    except OSError: pass\nprint('still here', os.getuid())\n"
        "if os.getuid() == 0 or os.geteuid() == 0: print('ESCAPED')",
        ("ended", "runtime_error"),
    ),
    Attack(
        "runs a program",
        "javascript",
        "require('child_process').execSync('id'); console.log('ESCAPED')",
        FAILS,
    ),
    java_main(
        "runs a program",
        'Runtime.getRuntime().exec("id").waitFor(); System.out.println("ESCAPED");',
        FAILS,
    ),
    java_main(
        "loads code of the machine's",
        'System.load("SECRET"); System.out.println("ESCAPED");',
        FAILS,
    ),
    # The compiler reads and runs for us: it is in the sandbox, too.
    Attack("includes a file", "cpp", '#include "SECRET"\nint main() {}', REFUSED),
    Attack(
        "includes a file as bytes",
        "cpp",
        '#include <cstdio>\nasm(".data\\n.global s\\ns: .incbin \\"SECRET\\"\\n.byte 0\\n.text");'
        'extern "C" char s[]; int main() { puts(s); }',
        REFUSED,
    ),
    Attack("includes a device", "cpp", '#include "/dev/zero"\nint main() {}', REFUSED),
    Attack(
        "includes itself twice",
        "cpp",
        "#include __FILE__\n#include __FILE__\nint main() {}",
        REFUSED,
    ),
    Attack(
        "keeps the compiler busy",
        "cpp",
        "template <int N> struct A { A<N * 2> *a; A<N * 2 + 1> *b; int f() { return a->f() + b->f(); } };\n"
        "template <int N, int M> struct F { static const int v = F<N - 1, M>::v + F<N - 1, M + N>::v; };\n"
        "template <int M> struct F<0, M> { static const int v = M; };\nint main() { return F<400, 1>::v; }",
        REFUSED,
    ),
    Attack(
        "makes a huge program", "cpp", "int a[1 << 28] = {1};\nint main() { return a[5]; }", REFUSED
    ),
    Attack(
        "has the compiler read its environment and its parent",
        "cpp",
        '#if __has_include("/proc/self/environ") && __has_include("/etc/passwd")\n'
        '#include "/proc/self/environ"\n#endif\n#include "/etc/passwd"\nint main() {}',
        REFUSED,
    ),
    Attack(
        "has the linker read a file",
        "cpp",
        '#pragma GCC optimize("O0")\nasm(".section .text\\n.include \\"SECRET\\"");\nint main() {}',
        REFUSED,
    ),
    Attack(
        "has a processor run by javac",
        "java",
        'import javax.annotation.processing.*;\n@SupportedAnnotationTypes("*")\npublic class Main extends AbstractProcessor {\n'
        ' public Main() { System.out.println("ESCAPED"); }\n'
        " public boolean process(java.util.Set<? extends javax.lang.model.element.TypeElement> a, RoundEnvironment r) { return false; }\n"
        " public static void main(String[] a) { System.exit(3); } }",
        FAILS,
    ),
    # The verdict is decided by what the parent measures, not by what a program says.
    Attack(
        "says what a broken sandbox would",
        "python",
        "import os\nos.write(2, b'PermissionError: landlock')\nos._exit(250)",
        FAILS,
    ),
    Attack(
        "writes the answer, then fails",
        "python",
        "import os\nprint('42', flush=True)\nos._exit(1)",
        FAILS,
    ),
    Attack(
        "writes to the descriptor that reports a failed start",
        "python",
        "import os\nfor fd in range(3, 64):\n    try: os.write(fd, b'OSError: seccomp'); print('ESCAPED', fd)\n"
        "    except OSError: pass",
        ENDS,
    ),
    Attack(
        "writes an answer of the runner's",
        "python",
        'print(\'{"outcome": "ran", "cases": [{"outcome": "ended", "stdout": ""}]}\')\nraise SystemExit(7)',
        FAILS,
    ),
    Attack(
        "says that memory ran out, as an excuse for a wrong limit",
        "python",
        "import sys\nsys.exit('MemoryError')",
        ("memory_limit",),
    ),
]
