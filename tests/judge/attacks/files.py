"""What a program can read, and where it can write: nothing but its language and its own source."""

from __future__ import annotations

from tests.judge.attacks import ENDS, FAILS, Attack, cpp_call, java_main, python_tries

PLACES = (
    *("/etc/passwd", "/etc/shadow", "/etc/hostname", "/proc/1/environ", "/proc/1/cmdline", "/root"),
    *("/home", "/tmp", "/var", "/proc", "/sys/kernel", "/dev/vda", "/dev/mem", "/dev/kmsg", "/run"),
    *("/proc/self/environ", "/proc/self/maps", "/proc/self/mem", "/proc/meminfo", "/dev/shm"),
)

ATTACKS = [
    Attack("reads a file", "python", "print(open('SECRET').read())", FAILS),
    cpp_call(
        "reads a file",
        "fstream iostream string",
        'std::ifstream f("SECRET"); std::string s; if (!getline(f, s)) return 1; std::cout << s;',
        FAILS,
    ),
    Attack(
        "reads a file",
        "javascript",
        "console.log(require('fs').readFileSync('SECRET', 'utf8'))",
        FAILS,
    ),
    java_main("reads a file", 'System.out.println(Files.readString(Path.of("SECRET")));', FAILS),
    python_tries(
        "reads what a machine keeps",
        f"def look(p): return os.listdir(p) if os.path.isdir(p) else open(p, 'rb').read(50)\n"
        f"tries = [(p, lambda p=p: look(p)) for p in {PLACES!r}]",
    ),
    python_tries(
        "reads settings, code and data of the site",
        "import glob\ntries = [(p, lambda p=p: open('ROOT/' + p).read()) for p in"
        " ('.env', 'config/settings.py', 'judge/runner/jobs.py', 'manage.py', 'README.md')]\n"
        "tries += [('folder', lambda: os.listdir('ROOT')), ('data', lambda: os.listdir('ROOT/var'))]",
    ),
    python_tries(
        "reads others' jobs",
        "here = os.getcwd()\ntries = [('list', lambda: os.listdir(os.path.dirname(here))),"
        " ('lock', lambda: open(os.path.dirname(here) + '/alone.lock').read()),"
        " ('versions', lambda: open(os.path.dirname(here) + '/versions.json').read())]",
    ),
    Attack(
        "reads its environment",
        "python",
        "import os\nnames = set(os.environ) - {'PATH', 'LANG', 'HOME', 'PYTHONHASHSEED',"
        " 'OMP_NUM_THREADS', 'TMPDIR', 'LC_CTYPE'}\nprint('ESCAPED' if names else 'clean', names)",
        ENDS,
    ),
    python_tries(
        "reads the environment of its parent",
        "tries = [(p, lambda p=p: open(f'/proc/{p}/environ', 'rb').read())"
        " for p in (os.getppid(), os.getpid(), 1, VICTIM)]",
    ),
    python_tries(
        "links to a file",
        "tries = [('soft', lambda: os.symlink('SECRET', 'x')), ('hard', lambda: os.link('SECRET', 'y'))]",
    ),
    python_tries(
        "goes by a file's other names",
        "tries = [(p, lambda p=p: open(p + 'SECRET').read()) for p in"
        " ('/proc/self/root', '/proc/self/cwd/../../..', '/proc/thread-self/root', '//', '/usr/lib/../..')]",
    ),
    python_tries(
        "writes",
        "tries = [(p, lambda p=p: open(p, 'w').write('x')) for p in"
        " ('x', '/tmp/x', '/var/tmp/x', '/dev/shm/x', 'main.py', '../x', '/usr/lib/x')]",
    ),
    python_tries(
        "changes its folder",
        "tries = [('mode', lambda: os.chmod('.', 0o777)), ('remove', lambda: os.unlink('main.py')),"
        " ('rename', lambda: os.rename('main.py', 'y')), ('folder', lambda: os.mkdir('z')),"
        " ('time', lambda: os.utime('main.py')), ('size', lambda: os.truncate('main.py', 0)),"
        " ('owner', lambda: os.chown('main.py', 0, 0)), ('note', lambda: os.setxattr('main.py', 'user.a', b'b'))]",
    ),
    cpp_call(
        "fills the disk",
        "cstdio string",
        'static char b[1 << 20]; int n = 0; for (int i = 0; i < 100; i++) { FILE *f = fopen(("f" +'
        ' std::to_string(i)).c_str(), "w"); if (!f) break; if (fwrite(b, 1, sizeof b, f)) n++; fclose(f); }'
        ' if (n) puts("ESCAPED");',
    ),
    Attack(
        "uses descriptors that were left open",
        "python",
        "import os\nfor fd in range(3, 300):\n    try: where = os.readlink(f'/proc/self/fd/{fd}')\n"
        "    except OSError: continue\n"
        "    if not where.endswith(('main.py', '/fd')): print('ESCAPED', fd, where)\n"
        "try: os.read(1, 1); print('ESCAPED reads its output')\nexcept OSError: pass\n"
        "try: os.write(0, b'x'); print('ESCAPED writes its input')\nexcept OSError: pass",
        ENDS,
    ),
    Attack(
        "imports what is installed beside the standard library",
        "python",
        "import sys\nprint('ESCAPED' if any('-packages' in p for p in sys.path) else 'alone')\n"
        "try:\n    import django; print('ESCAPED')\nexcept ImportError: pass",
        ENDS,
    ),
    java_main(
        "reads itself by the paths that Java may read",
        'for (var p : List.of("/proc/self/root/SECRET", "/proc/self/cwd/../../..SECRET", "/proc/self/fd/../root/etc/passwd"))'
        ' try { System.out.println("ESCAPED" + Files.readString(Path.of(p))); } catch (java.io.IOException e) {}'
        ' try { Files.write(Path.of("/proc/self/oom_score_adj"), "1".getBytes()); System.out.println("ESCAPED"); }'
        " catch (java.io.IOException e) {}",
        ENDS,
    ),
    Attack(
        "reads by other doors of Node",
        "javascript",
        "const fs = require('fs'); for (const act of [() => fs.openSync('SECRET'),"
        " () => fs.readdirSync('/'), () => fs.writeFileSync('x', 'x'), () => require('SECRET'),"
        " () => fs.watch('/'), () => process.chdir('/root'), () => fs.cpSync('SECRET', 'y'),"
        " () => process.binding('fs').open('SECRET', 0, 0)]) {"
        " try { act(); console.log('ESCAPED', String(act)) } catch (e) {} }",
        ENDS,
    ),
]
