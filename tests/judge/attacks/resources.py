"""Time, memory, processes, threads, output."""

from __future__ import annotations

from tests.judge.attacks import (
    ENDS,
    FAILS,
    MEMORY,
    Attack,
    cpp_call,
    java_main,
    python_tries,
)

TIME = ("time_limit",)

ATTACKS = [
    Attack("an endless loop", "python", "while True: pass", TIME),
    cpp_call(
        "an endless loop that ignores signals",
        "csignal",
        "signal(SIGXCPU, SIG_IGN); signal(SIGTERM, SIG_IGN); for (volatile long i = 0;; i++);",
        TIME,
    ),
    Attack("sleeps", "python", "import time; time.sleep(60)", TIME),
    Attack("stops itself", "python", "import os; os.kill(os.getpid(), 19)", TIME),
    Attack(
        "closes its output and stays",
        "python",
        "import os, time\nos.close(1); os.close(2); time.sleep(60)",
        TIME,
    ),
    Attack(
        "takes memory", "python", "x = []\nwhile True: x.append(bytearray(1 << 20))", MEMORY[:1]
    ),
    cpp_call(
        "takes memory by malloc",
        "cstdlib cstring",
        "for (;;) { void *p = malloc(1 << 20); if (!p) return 3; memset(p, 1, 1 << 20); }",
        MEMORY,
    ),
    cpp_call(
        "takes memory by vectors",
        "vector",
        "std::vector<std::vector<char>> v; for (;;) v.emplace_back(1 << 20, 1);",
        MEMORY[:1],
    ),
    cpp_call(
        "takes shared memory",
        "sys/mman.h cstring cstdio",
        "for (int i = 0; i < 4096; i++) {"
        " void *p = mmap(0, 1 << 20, 3, MAP_SHARED | MAP_ANONYMOUS, -1, 0);"
        ' if (p == MAP_FAILED) return 1; memset(p, 1, 1 << 20); } puts("ESCAPED");',
        MEMORY,
    ),
    cpp_call(
        "takes memory as a file",
        "sys/mman.h unistd.h cstdio",
        'int f = memfd_create("x", 0); if (f < 0) return 1; static char b[1 << 20];'
        ' for (int i = 0; i < 4096; i++) if (write(f, b, sizeof b) < 0) return 1; puts("ESCAPED");',
        FAILS,
    ),
    Attack(
        "takes memory",
        "javascript",
        "const a = []; for (;;) a.push(new Array(1e5).fill(Math.random()))",
        ("memory_limit", "time_limit"),
    ),
    Attack(
        "takes buffers outside the heap",
        "javascript",
        "const a = []; for (let i = 0; i < 8192; i++) a.push(Buffer.alloc(1 << 20, 1));"
        "console.log('ESCAPED')",
        MEMORY,
    ),
    Attack(
        "takes WebAssembly memory",
        "javascript",
        "const a = []; for (let i = 0; i < 64; i++) { const m = new WebAssembly.Memory({initial: 1600});"
        " new Uint8Array(m.buffer).fill(1); a.push(m) } console.log('ESCAPED')",
        MEMORY,
    ),
    java_main(
        "takes memory",
        "var list = new ArrayList<byte[]>(); while (true) list.add(new byte[1 << 20]);",
        MEMORY[:1],
    ),
    java_main(
        "takes buffers outside the heap",
        "var list = new ArrayList<ByteBuffer>(); while (true) list.add(ByteBuffer.allocateDirect(1 << 20));",
        MEMORY,
    ),
    java_main(
        "takes memory past all checks of the language",
        'var field = sun.misc.Unsafe.class.getDeclaredField("theUnsafe"); field.setAccessible(true);'
        " var unsafe = (sun.misc.Unsafe) field.get(null);"
        " for (int i = 0; i < 4096; i++) { long p = unsafe.allocateMemory(1 << 20);"
        ' unsafe.setMemory(p, 1 << 20, (byte) 1); } System.out.println("ESCAPED");',
        MEMORY,
    ),
    Attack(
        "makes processes",
        "python",
        "import os\nmade = 0\ntry:\n    while True:\n        if os.fork() == 0:\n            while True: pass\n"
        "        made += 1\nexcept OSError: pass\nprint('ESCAPED' if made else 'none')",
        ENDS,
    ),
    cpp_call(
        "makes processes",
        "unistd.h cstdio",
        "int made = 0; for (int i = 0; i < 100000; i++) { int p = fork(); if (p == 0) for (;;);"
        ' if (p < 0) break; made++; } if (made) puts("ESCAPED");',
    ),
    cpp_call(
        "makes processes by bare calls, in a session of their own",
        "sys/syscall.h unistd.h sched.h csignal cstdio",
        "long p = syscall(SYS_clone, SIGCHLD, 0, 0, 0, 0); if (p == 0) { setsid(); sleep(100); }"
        " long q = syscall(SYS_vfork); if (q == 0) _exit(0);"
        ' if (p > 0 || q > 0) puts("ESCAPED");',
    ),
    cpp_call(
        "makes threads",
        "thread vector cstdio unistd.h",
        "std::vector<std::thread> v; try { for (int i = 0; i < 5000; i++)"
        " v.emplace_back([] { sleep(100); }); } catch (...) {}"
        ' if (v.size() > 200) puts("ESCAPED"); fflush(stdout); _exit(0);',
    ),
    Attack(
        "makes workers",
        "javascript",
        "const {Worker} = require('worker_threads'); let n = 0; try { for (let i = 0; i < 500; i++) {"
        " const w = new Worker('setInterval(() => {}, 1e3)', {eval: true});"
        " w.on('online', () => n++); w.on('error', () => {}) } } catch (e) {}"
        " setTimeout(() => { if (n > 200) console.log('ESCAPED'); process.exit(0) }, 1000)",
        ("ended", "memory_limit", "runtime_error", "time_limit"),
    ),
    Attack("floods its output", "python", "while True: print('x' * 100000)", ("output_limit",)),
    Attack(
        "floods its errors",
        "python",
        "import sys\nwhile True: sys.stderr.write('x' * 100000)",
        TIME,
    ),
    Attack(
        "recurses without end",
        "cpp",
        "int f(int n) { volatile char b[1000]; b[0] = n; return f(n + 1) + b[0]; }\n"
        "int main() { return f(0); }",
        MEMORY,
    ),
    Attack(
        "recurses without end",
        "python",
        "import sys\nsys.setrecursionlimit(10**9)\ndef f(): f()\nf()",
        (*MEMORY, "time_limit"),
    ),
    Attack("leaves its input unread", "python", "print('done')", ENDS),
    Attack(
        "writes all bytes there are", "python", "import os; os.write(1, bytes(range(256)))", ENDS
    ),
    # What follows goes around RLIMIT_DATA or around the list of system calls.
    cpp_call(
        "takes memory that grows down, which counts as stack",
        "sys/mman.h cstring cstdio",
        "for (int i = 0; i < 2048; i++) { char *p = (char *) mmap(0, 1 << 20, 3,"
        " MAP_PRIVATE | MAP_ANONYMOUS | MAP_GROWSDOWN, -1, 0); if (p == MAP_FAILED) return 1;"
        ' memset(p, 1, 1 << 20); } puts("ESCAPED");',
        MEMORY,
    ),
    # Read-only pages are no data; the kernel's limit of mappings bounds their tables to 256 MiB.
    cpp_call(
        "takes page tables: one file mapped a hundred thousand times",
        "sys/mman.h fcntl.h cstdio link.h",
        'int f = open("main", O_RDONLY); if (f < 0) return 1; long n = 0; volatile char sum = 0;'
        " for (; n < 100000; n++) { void *at = (void *) (0x100000000000 + n * (1L << 21));"
        " char *p = (char *) mmap(at, 4096, PROT_READ, MAP_PRIVATE | MAP_FIXED, f, 0);"
        ' if (p == MAP_FAILED) break; sum += *p; } if (n > 70000) puts("ESCAPED"); return 1;',
        (*MEMORY, "time_limit"),
    ),
    python_tries(
        "enlarges pipes, locks files, and has signals sent",
        "import fcntl, os\nr, w = os.pipe()\nlib = os.open('/usr/lib/os-release', 0)\n"
        "tries = [('size', lambda: fcntl.fcntl(w, 1031, 1 << 20)),"
        " ('owner', lambda: fcntl.fcntl(r, 8, os.getppid())),"
        " ('signal', lambda: fcntl.fcntl(r, 10, 9)),"
        " ('lock', lambda: fcntl.lockf(lib, fcntl.LOCK_SH)),"
        " ('lease', lambda: fcntl.fcntl(lib, 1024, 0))]",
    ),
    Attack(
        "opens as many pipes as it can",
        "python",
        "import os\nmade = 0\ntry:\n    while True: os.pipe(); made += 2\nexcept OSError: pass\n"
        "print('ESCAPED' if made > 64 else made)",
        ENDS,
    ),
    python_tries(
        "raises its own limits",
        "import resource as r\ndef up(what): r.setrlimit(what, (r.RLIM_INFINITY, r.RLIM_INFINITY))\n"
        "tries = [(name, lambda name=name: up(getattr(r, name))) for name in"
        " ('RLIMIT_CPU', 'RLIMIT_DATA', 'RLIMIT_NPROC', 'RLIMIT_FSIZE', 'RLIMIT_NOFILE', 'RLIMIT_CORE')]"
        "\ntries += [('nice', lambda: os.nice(-20)), ('of another', lambda: r.prlimit(VICTIM, r.RLIMIT_CPU))]",
    ),
    cpp_call(
        "uses time in many threads",
        "thread vector",
        "std::vector<std::thread> v; for (int i = 0; i < 2; i++)"
        " v.emplace_back([] { for (volatile long i = 0;; i++); }); for (auto &t : v) t.join();",
        TIME,
    ),
    Attack(
        "holds its output open with a full pipe of errors",
        "python",
        "import os, time\nos.write(2, b'x' * 60000)\nos.close(0)\nwhile True: time.sleep(1)",
        TIME,
    ),
    Attack(
        "turns into itself again and again, for its time to begin anew",
        "python",
        "import os, sys\nfor i in range(3000000): pass\n"
        "os.execv('/proc/self/exe' if 0 else sys.executable, [sys.executable, '-I', '-S', 'main.py'])",
        TIME,
    ),
]
