package io.millrace.worker.execute;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.millrace.event.LogStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A script that is forked from a warm interpreter is told from one that a fresh interpreter runs by nothing that anybody sees. */
@Tag("any-jdk")
@Timeout(60)
class PythonParityTest {
    @TempDir
    static Path directory;

    private static Workbench cold;
    private static Workbench warm;
    private static final List<TaskExecution> KEPT = new ArrayList<>();

    record Script(String name, byte[] text, boolean isFile) {
        @Override
        public String toString() {
            return name + (isFile ? " (file)" : "");
        }
    }

    /** What is seen of an execution, with the names of directories and addresses taken out. */
    record Seen(String outcome, List<String> stdout, List<String> stderr, List<String> system) {
        static Seen of(Workbench bench, Script script) {
            bench.lines.clear();
            bench.files(
                    file("mod.py", "x = 1\n"),
                    file("bad.py", "def f(:\n"),
                    file("boom.py", "def f():\n    raise KeyError('k')\n"),
                    new TaskFile("main.py", ByteBuffer.wrap(script.text()), false));
            String text = new String(script.text(), StandardCharsets.UTF_8);
            Map<String, Object> action = script.isFile()
                    ? Map.of("file", "main.py", "args", List.of("a b", "ä", ""))
                    : Map.of("code", text, "args", List.of("a b", "ä", ""));
            Execution execution = bench.execute("python", Workbench.json(action));
            String outcome = execution.outcome() instanceof Outcome.Failed failed
                    ? failed.failure().kind() + " " + failed.failure().message() + " "
                            + failed.failure().exitCode() + " "
                            + failed.failure().signal()
                    : execution.outcome().toString();
            return new Seen(
                    same(outcome),
                    same(bench.texts(LogStream.STDOUT)),
                    same(bench.texts(LogStream.STDERR)),
                    same(bench.texts(LogStream.SYSTEM)));
        }

        private static List<String> same(List<String> lines) {
            return lines.stream().map(Seen::same).toList();
        }

        private static String same(String text) {
            return text.replaceAll("/(cold|warm)/attempt-\\d+", "/attempt").replaceAll("0x[0-9a-f]{6,}", "0x");
        }
    }

    @BeforeAll
    static void startBoth() throws IOException {
        for (boolean isWarm : new boolean[] {false, true}) {
            Path home = Files.createDirectory(directory.resolve(isWarm ? "warm" : "cold"));
            Workbench bench = new Workbench(home)
                    .warmPython(isWarm)
                    .inputs("{\"given\": 1}")
                    .env(Map.of("TZ", "America/New_York", "MINE", "ü\nv", "EMPTY", ""));
            KEPT.add(bench.keep());
            if (isWarm) {
                warm = bench;
            } else {
                cold = bench;
            }
        }
    }

    @AfterAll
    static void endBoth() {
        KEPT.forEach(TaskExecution::close);
        assertThat(warm.processes()).isEmpty();
    }

    static Stream<Script> scripts() {
        List<Script> scripts = new ArrayList<>();
        both(scripts, "what it is", """
                import sys, os
                print(__name__, globals().get("__file__"), __doc__, __package__, __spec__, __builtins__)
                print(sorted(name for name in globals() if name not in ("sys", "os")))
                print(getattr(__loader__, "name", __loader__), getattr(__loader__, "path", None))
                print(sys.argv, sys.path, sys.flags, sys.executable, sys.prefix, sys.warnoptions)
                print(sys.orig_argv[1:] if hasattr(sys, "orig_argv") else None)
                print(sorted(sys.modules), sorted(sys.path_importer_cache))
                print(sys.excepthook is sys.__excepthook__, sys.gettrace(), sys.getprofile(), sys.exc_info())
                """);
        both(scripts, "where it is", """
                import os, time
                print(os.getcwd(), os.getsid(0) == os.getpid(), os.getpgrp() == os.getpid(), os.umask(0o22))
                print(time.tzname, time.localtime(0).tm_hour, os.getpriority(os.PRIO_PROCESS, 0))
                print(sorted((name, value) for name, value in os.environ.items() if name != "MILLRACE_DELIVERY"))
                """);
        code(
                scripts,
                "the environment of its children",
                "import subprocess\nprint(sorted(line for line in"
                        + " subprocess.check_output(['env']).decode().split('\\n') if line[:17] != 'MILLRACE_DELIVERY'"
                        + " and line[:2] != '_='))");
        code(
                scripts,
                "the mark of its children",
                "import os, subprocess\nprint(subprocess.check_output("
                        + "['sh', '-c', 'echo $MILLRACE_DELIVERY']).decode().strip() == os.environ['MILLRACE_DELIVERY'])");
        code(
                scripts,
                "descriptors",
                "import os\nprint(sorted(os.listdir('/proc/self/fd')),"
                        + " os.readlink('/proc/self/fd/0'), [os.get_inheritable(n) for n in (0, 1, 2)])");
        code(scripts, "streams", """
                import sys
                for s in (sys.stdin, sys.stdout, sys.stderr):
                    print(s, s.seekable(), s.isatty(), s.mode, s.errors, s.line_buffering, s.write_through, s.buffer)
                print(repr(sys.stdin.read()), sys.stdin is sys.__stdin__, sys.getfilesystemencoding())
                """);
        code(scripts, "signals", """
                import signal
                print([(int(n), str(signal.getsignal(n))) for n in signal.valid_signals()])
                print(signal.pthread_sigmask(signal.SIG_BLOCK, []), signal.set_wakeup_fd(-1))
                print([l for l in open("/proc/self/status").read().split("\\n") if l[:3] in ("Sig", "Shd")])
                """);
        code(scripts, "limits", """
                import resource
                print([resource.getrlimit(n) for n in range(16) if n != 10])
                soft, hard = resource.getrlimit(10)
                print(soft == hard)
                """);
        both(scripts, "modules beside it", "import sys, mod\nprint(mod.x, mod.__file__)\nsys.exit(3)");
        for (String end : List.of(
                "sys.exit()",
                "sys.exit(0)",
                "sys.exit(7)",
                "sys.exit('a text')",
                "sys.exit(259)",
                "sys.exit(-1)",
                "sys.exit((1, 2))",
                "sys.exit(1 << 70)",
                "raise SystemExit")) {
            code(scripts, end, "import sys\nprint('x', end='')\n" + end);
        }
        both(scripts, "an exception", "def f(n):\n    return 1 // n\n\ndef g():\n    f(0)\n\ng()");
        both(scripts, "exceptions of exceptions", """
                def f():
                    try:
                        {}["a"]
                    except KeyError as e:
                        raise ValueError("b") from e

                try:
                    f()
                except ValueError:
                    [][1]
                """);
        both(scripts, "an exception in a module", "import boom\nboom.f()");
        both(scripts, "a module that is no Python", "import bad");
        both(scripts, "no Python", "print(1)\ny = = 2\n");
        both(scripts, "wrong indentation", "def f():\n  x\n y\n");
        both(scripts, "an open parenthesis", "x = (");
        code(scripts, "a backslash at the end", "x = 1\\");
        code(scripts, "a comment at the end", "if True:\n  print(1)\n# end");
        both(scripts, "KeyboardInterrupt", "raise KeyboardInterrupt");
        both(scripts, "a hook", """
                import sys, traceback
                def hook(kind, value, trace):
                    traceback.print_exception(kind, value, trace)
                    print("mine", len(traceback.extract_tb(sys.last_traceback)))
                sys.excepthook = hook
                1 / 0
                """);
        both(scripts, "a hook that fails", """
                import sys
                def hook(*_):
                    raise ValueError("in the hook")
                sys.excepthook = hook
                1 / 0
                """);
        code(scripts, "a hook that exits", "import sys\nsys.excepthook = lambda *_: sys.exit(9)\n1 / 0");
        both(scripts, "what is known at the end", """
                import atexit, sys, traceback
                def at_the_end():
                    traceback.print_tb(sys.last_traceback)
                    print(repr(sys.last_value), "__file__" in globals())
                atexit.register(at_the_end)
                1 / 0
                """);
        code(scripts, "an exception at the end", "import atexit\n@atexit.register\ndef f(): 1 / 0");
        code(scripts, "what goes at the end", """
                class Named:
                    def __del__(self): print("gone", self.name, __name__)
                a = Named(); a.name = "a"
                b = Named(); b.name = "b"; b.itself = b
                """);
        code(scripts, "threads", """
                import threading, time
                def late():
                    time.sleep(0.2)
                    print("late")
                threading.Thread(target=late).start()
                threading.Thread(target=time.sleep, args=(300,), daemon=True).start()
                print(threading.current_thread().name, threading.active_count())
                """);
        code(
                scripts,
                "an exception in a thread",
                "import threading\ndef f(): 1 / 0\nt = threading.Thread(" + "target=f, name='T')\nt.start()\nt.join()");
        code(scripts, "os._exit", "import os\nprint('a', end='')\nos._exit(5)");
        for (String signal : List.of("KILL", "TERM", "SEGV", "INT", "PIPE", "USR1")) {
            code(
                    scripts,
                    "SIG" + signal,
                    "import os, signal, time\nprint(1)\nos.kill(os.getpid(), signal.SIG" + signal
                            + ")\ntime.sleep(0.2)\nprint(2)");
        }
        code(
                scripts,
                "a process",
                "import subprocess\nprint(subprocess.run(['sh', '-c', 'echo a; exit 3'],"
                        + " stdout=subprocess.PIPE))");
        code(scripts, "a fork", """
                import os, sys
                if os.fork() == 0:
                    sys.exit(4)
                print(os.waitstatus_to_exitcode(os.wait()[1]))
                try:
                    os.wait()
                except ChildProcessError as e:
                    print(e)
                """);
        String pool = """
                import multiprocessing
                class Doubled:
                    def __init__(self, n): self.n = 2 * n
                    def __repr__(self): return "<%%d>" %% self.n
                if __name__ == "__main__":
                    with multiprocessing.get_context("%s").Pool(2) as pool:
                        print(pool.map(Doubled, [1, 2, 3]))
                """;
        both(scripts, "multiprocessing by fork", pool.formatted("fork"));
        file(scripts, "multiprocessing by spawn", pool.formatted("spawn"));
        file(scripts, "multiprocessing by a server", pool.formatted("forkserver"));
        both(scripts, "pickles of its classes", """
                import pickle, sys
                class Mine: pass
                print(type(pickle.loads(pickle.dumps(Mine()))) is Mine, Mine.__module__)
                import __main__
                print(vars(__main__) is globals(), __main__ is sys.modules["__main__"])
                """);
        code(scripts, "asyncio", """
                import asyncio
                async def main():
                    await asyncio.sleep(0.01)
                    process = await asyncio.create_subprocess_exec("true")
                    print(await process.wait())
                asyncio.run(main())
                """);
        code(scripts, "input", "print(input())");
        code(scripts, "what is not ASCII", "print('äöü 中文 😀')\nprint('\\ud800')");
        code(scripts, "a megabyte in a line", "print('x' * 1_000_000)\nprint('y')");
        code(scripts, "a megabyte in lines", "for i in range(20_000): print('line', i, 'x' * 40)");
        code(scripts, "standard output closed", "import os, sys\nos.close(1)\nsys.stderr.write('e')");
        both(scripts, "its source", """
                import inspect
                def f(): pass
                try:
                    print(inspect.getsource(f))
                except OSError as e:
                    print(e)
                print(inspect.getsourcefile(f))
                """);
        code(
                scripts,
                "annotations",
                "from __future__ import annotations\ndef f(x: Undefined): pass\n" + "print(f.__annotations__)");
        code(scripts, "no __future__ of others", "def f(x: int): pass\nprint(f.__annotations__)");
        code(
                scripts,
                "warnings",
                "import warnings\nwarnings.warn('w')\ndef f(): warnings.warn('d', DeprecationWarning)\nf()");
        code(scripts, "recursion", """
                import sys
                print(sys.getrecursionlimit())
                def f(): f()
                try:
                    f()
                except RecursionError as e:
                    print(e)
                """);
        code(
                scripts,
                "modules of the host",
                "import gc, resource, select, signal\nprint(gc.isenabled(), select.select([], [], [], 0))");
        code(
                scripts,
                "code near the longest argument",
                "x = '" + "y" + "z".repeat(99_000) + "'\nprint(len(x), __name__)");
        code(scripts, "code over the longest argument", "x = '" + "z".repeat(200_000) + "'\nprint(len(x), __file__)");
        code(scripts, "NUL in the code", "print('a\0b')");
        code(scripts, "a text about itself", "\"\"\"A text.\"\"\"\nprint(__doc__)");
        code(
                scripts,
                "its output",
                "import json, os\ninputs = json.load(open(os.environ['MILLRACE_INPUTS']))\n"
                        + "json.dump({'taken': inputs['given']}, open(os.environ['MILLRACE_OUTPUT'], 'w'))");
        code(scripts, "no output", "open(__import__('os').environ['MILLRACE_OUTPUT'], 'w').write('nonsense')");
        code(scripts, "a daemon", """
                import os, subprocess
                if os.fork() == 0:
                    os.setsid()
                    if os.fork() == 0:
                        os.environ.clear()
                        os.closerange(0, 100)
                        os.execve("/bin/sleep", ["sleep", "300"], {})
                    os._exit(0)
                os.wait()
                """);
        file(scripts, "Latin-1", "# -*- coding: latin-1 -*-\nprint('hé')".getBytes(StandardCharsets.ISO_8859_1));
        file(scripts, "Latin-1 that does not say so", "print('hé')".getBytes(StandardCharsets.ISO_8859_1));
        file(scripts, "a byte order mark", "\ufeffprint('b')".getBytes(StandardCharsets.UTF_8));
        file(scripts, "lines as on Windows", "print(1)\r\nprint('''a\r\nb''')\r\n".getBytes(StandardCharsets.UTF_8));
        return scripts.stream();
    }

    @ParameterizedTest
    @MethodSource("scripts")
    void isSeenAlike(Script script) {
        assertThat(Seen.of(warm, script)).isEqualTo(Seen.of(cold, script));
    }

    /** What the others stand on. */
    @Test
    void isWarmOnOneSideAndColdOnTheOther() {
        Script script = new Script("", PythonHostsTest.IS_WARM.getBytes(StandardCharsets.UTF_8), false);
        assertThat(Seen.of(warm, script).stdout()).containsExactly("True");
        assertThat(Seen.of(cold, script).stdout()).containsExactly("False");
    }

    @Test
    void leavesNothingToTheNextTask() {
        Seen.of(warm, new Script("", """
                import builtins, os, sys, time
                builtins.print = None
                builtins.leaked = 1
                sys.path.append("leaked")
                sys.leaked = 1
                sys.modules["leaked"] = sys
                os.environ["LEAKED"] = "1"
                os.umask(0o77)
                os.chdir("/")
                time.leaked = 1
                """.getBytes(StandardCharsets.UTF_8), false));
        Seen next = Seen.of(warm, new Script("", """
                import os, sys, time
                print(hasattr(sys, "leaked"), hasattr(time, "leaked"), "leaked" in dir(__builtins__), "leaked" in sys.modules)
                print("leaked" in sys.path, "LEAKED" in os.environ, oct(os.umask(0)), os.getcwd() == "/")
                """.getBytes(StandardCharsets.UTF_8), false));
        assertThat(next.stdout()).containsExactly("False False False False", "False False 0o22 False");
    }

    @Test
    void isShownByItsOwnWordsAndItsOwnMark() {
        assumeTrue(MarkedProcesses.areVisible(), "there is no /proc here");
        Script script = new Script("", """
                import os
                words = open("/proc/self/cmdline").read().rstrip("\\0").split("\\0")
                print(words[1:3], words[3].startswith("import os"))
                entry = "\\0MILLRACE_DELIVERY=" + os.environ["MILLRACE_DELIVERY"] + "\\0"
                print(entry in "\\0" + open("/proc/self/environ").read())
                """.getBytes(StandardCharsets.UTF_8), false);
        assertThat(Seen.of(warm, script).stdout()).containsExactly("['-u', '-c'] True", "True");
    }

    private static void both(List<Script> scripts, String name, String text) {
        code(scripts, name, text);
        file(scripts, name, text);
    }

    private static void code(List<Script> scripts, String name, String text) {
        scripts.add(new Script(name, text.getBytes(StandardCharsets.UTF_8), false));
    }

    private static void file(List<Script> scripts, String name, String text) {
        file(scripts, name, text.getBytes(StandardCharsets.UTF_8));
    }

    private static void file(List<Script> scripts, String name, byte[] text) {
        scripts.add(new Script(name, text, true));
    }

    private static TaskFile file(String path, String content) {
        return new TaskFile(path, ByteBuffer.wrap(content.getBytes(StandardCharsets.UTF_8)), false);
    }
}
