"""A warm Python: an interpreter that has started already, and forks a child for each task that the worker asks for.

A child is to be what `python3 -u -c CODE` or `python3 -u FILE ARGUMENTS` would have been: a process and a session of its own, with an environment, a
directory, named pipes for its output, a mark and a fresh module __main__ of its own, that ends as an interpreter ends. What it cannot have of its own is
what an interpreter draws or reads at its start (the seed of hashes, PYTHON... variables); the worker sees to it that the latter are the same.

The worker's requests are lines on standard input, the answers lines on standard output. Fields lie behind the first word, bytes in hexadecimal:

    begin ID LIMIT ENVIRONMENT MARK DIRECTORY STDOUT STDERR WORDS       (ENVIRONMENT and WORDS are separated by NUL)

    ready PID ENVIRONMENT   once: what the interpreter found, which a launcher may have changed
    unfit REASON        instead of that, for good: tasks cannot be begun here
    stale ID            what this interpreter read at its start has changed since; nothing was begun
    refused ID REASON   it could not be begun; no child is left
    begun ID PID        told by the child itself, once it can be found by its mark
    ended ID CODE       128 and the signal's number where a signal ended it

At the end of its input it takes nothing more, and ends when its children have. One thread; CPython 3.8 and later, on Linux.
"""
FRESH = dict(globals())  # What a fresh __main__ holds.
import sys

BARE = frozenset(sys.modules)
import _signal
import gc
import os
import resource
import select
import time

HERE = os.getcwd()
MARK = b"MILLRACE_DELIVERY"
LOCKS = 10  # RLIMIT_LOCKS, for which the module `resource` has no name.
SETTINGS = (".python-version", ".tool-versions", "mise.toml", ".mise.toml", "pyvenv.cfg")


class Channel:
    """What the worker and this process tell each other; a line is one write, short enough to be whole whoever else writes."""

    def __init__(self):
        self.requests = os.dup(0)
        self.answers = os.dup(1)
        null = os.open(os.devnull, os.O_RDWR)
        os.dup2(null, 0)
        os.close(null)
        os.dup2(2, 1)
        self.rest = b""

    def tell(self, *fields):
        line = " ".join(field.hex() if isinstance(field, bytes) else str(field) for field in fields) + "\n"
        for start in range(0, len(line), 4096):
            os.write(self.answers, line[start : start + 4096].encode())

    def lines(self):
        """The lines that have come, or None at the end."""
        received = os.read(self.requests, 1 << 16)
        *lines, self.rest = (self.rest + received).split(b"\n")
        return [line.decode() for line in lines] if received else None

    def close(self):
        os.close(self.requests)
        os.close(self.answers)


class Memory:
    """The words and the environment with which this process was begun, where /proc shows them; a child puts its own in their place."""

    def __init__(self):
        with open("/proc/self/stat", "rb") as file:
            fields = file.read().rpartition(b")")[2].split()
        # proc(5) counts from 1, and two fields lie before those.
        self.words, self.words_end, environment, end = (int(fields[number - 3]) for number in (48, 49, 50, 51))
        with open("/proc/self/environ", "rb") as file:
            entries = b"\0" + file.read()
        start = entries.index(b"\0" + MARK + b"=") + len(MARK) + 1
        self.mark = environment + start
        self.room = entries.index(b"\0", start + 1) - start - 1

    def become(self, words, mark):
        if len(mark) > self.room:
            raise ValueError("the mark is too long")
        room = self.words_end - self.words - 1
        memory = os.open("/proc/self/mem", os.O_WRONLY)
        try:
            os.pwrite(memory, b"\0".join(words)[:room].ljust(room, b"\0"), self.words)
            os.pwrite(memory, mark.ljust(self.room, b"\0"), self.mark)
        finally:
            os.close(memory)

    def proves_itself(self):
        child = os.fork()
        if child == 0:
            try:
                self.become([b"proof"], b"proof")
                with open("/proc/self/environ", "rb") as file:
                    os._exit(0 if MARK + b"=proof\0" in file.read() else 1)
            finally:
                os._exit(1)
        return os.waitpid(child, 0)[1] == 0


class Origin:
    """All that the start of this interpreter has read, or would have read if it had been there; seen again, it is what it was or this host is stale."""

    def __init__(self, launcher):
        site = sys.modules.get("site")
        places = list(sys.path)
        if site:
            places += site.getsitepackages() + [site.USER_SITE or ""]
        paths = {launcher, sys.executable, os.path.join(sys.prefix, "pyvenv.cfg")}
        for place in filter(None, places):
            paths.add(place)
            if os.path.isdir(place):
                paths.update(os.path.join(place, name) for name in os.listdir(place) if name.endswith(".pth"))
        paths.update(getattr(module, "__file__", None) or launcher for module in list(sys.modules.values()))
        # What launchers choose an interpreter by: in the directories above, in the home, and for all.
        above = HERE
        while above != os.path.dirname(above):
            above = os.path.dirname(above)
            paths.update(os.path.join(above, name) for name in SETTINGS)
        paths.update(os.path.join(os.path.expanduser("~"), name) for name in SETTINGS)
        paths.add(os.path.join(os.environ.get("PYENV_ROOT", HERE), "version"))
        self.seen = [(path, self.look(path)) for path in paths if not path.startswith(HERE)]

    @staticmethod
    def look(path):
        try:
            status = os.stat(path)
        except (OSError, ValueError):
            return None
        return status.st_dev, status.st_ino, status.st_size, status.st_mtime_ns

    def has_changed(self):
        return any(self.look(path) != then for path, then in self.seen)


class Request:
    """A task that is to be begun."""

    def __init__(self, line):
        _, self.id, limit, *fields = line.split(" ")
        environment, self.mark, self.directory, self.stdout, self.stderr, words = map(bytes.fromhex, fields)
        self.limit = int(limit)
        self.environment = dict(entry.split(b"=", 1) for entry in environment.split(b"\0"))
        self.words = words.split(b"\0")

    def begin(self, memory, channel):
        """Makes this process, which was just forked, the task's."""
        os.setsid()
        try:
            resource.setrlimit(LOCKS, (self.limit, self.limit))
        except (OSError, ValueError):
            pass  # A lower limit, or a sandbox: as with prlimit, the other mark is enough then.
        memory.become(self.words, self.mark)
        # Most is as it was, and what is left alone costs nothing.
        for name, value in list(os.environb.items()):
            if self.environment.get(name) != value:
                del os.environb[name]
        for name in self.environment.keys() - os.environb.keys():
            os.environb[name] = self.environment[name]
        time.tzset()
        os.chdir(self.directory)
        for path, number in ((self.stdout, 1), (self.stderr, 2)):
            pipe = os.open(path, os.O_WRONLY)
            os.dup2(pipe, number)
            os.close(pipe)
        channel.tell("begun", self.id, os.getpid())


class Host:
    """Serves the worker until its end."""

    def __init__(self, channel, memory, origin):
        self.channel = channel
        self.memory = memory
        self.origin = origin
        self.children = {}
        self.woken, self.wake = os.pipe()
        os.set_blocking(self.woken, False)
        os.set_blocking(self.wake, False)
        _signal.signal(_signal.SIGCHLD, lambda *_: None)
        _signal.set_wakeup_fd(self.wake, warn_on_full_buffer=False)

    def serve(self):
        """Returns in each child, with its request; here it returns None, when there is nothing more to do."""
        open_for_more = True
        while open_for_more or self.children:
            ready, _, _ = select.select([self.woken] + [self.channel.requests] * open_for_more, [], [])
            if self.woken in ready:
                self.reap()
            if self.channel.requests in ready:
                lines = self.channel.lines()
                open_for_more = lines is not None
                for line in lines or ():
                    request = Request(line)
                    if self.fork(request):
                        return request
        return None

    def fork(self, request):
        """Whether this is the child."""
        if self.origin.has_changed():
            self.channel.tell("stale", request.id)
            return False
        try:
            child = os.fork()
        except OSError as error:
            self.channel.tell("refused", request.id, str(error).encode())
            return False
        if child:
            self.children[child] = request.id
            return False
        try:
            _signal.set_wakeup_fd(-1)
            _signal.signal(_signal.SIGCHLD, _signal.SIG_DFL)
            os.close(self.woken)
            os.close(self.wake)
            request.begin(self.memory, self.channel)
            self.channel.close()
            return True
        except BaseException as error:
            self.channel.tell("refused", request.id, str(error)[:1000].encode())
            os._exit(1)

    def reap(self):
        os.read(self.woken, 1 << 16)
        for child, request in list(self.children.items()):
            pid, status = os.waitpid(child, os.WNOHANG)
            if pid:
                del self.children[child]
                code = 128 + os.WTERMSIG(status) if os.WIFSIGNALED(status) else os.WEXITSTATUS(status)
                self.channel.tell("ended", request, code)


def what_speaks_against():
    if sys.implementation.name != "cpython" or sys.version_info < (3, 8):
        return "it is no CPython 3.8 or later"
    if sys.flags.verbose or sys.flags.inspect:
        return "PYTHONVERBOSE or PYTHONINSPECT is set"
    if any(path.startswith(HERE) for path in sys.path):
        return "its module path depends on the working directory"
    return None


def dedented(text):
    """As `-c` does since Python 3.14, which is as textwrap.dedent() does."""
    lines = text.split("\n")
    margin = os.path.commonprefix([line[: len(line) - len(line.lstrip(" \t"))] for line in lines if line.strip(" \t")])
    return "\n".join(line[len(margin) :] if line.strip(" \t") else "" for line in lines) if margin else text


def fresh_stdin():
    """Standard input as an interpreter makes it that finds /dev/null there, and not the worker's pipe."""
    buffer = open(0, "rb", closefd=False)
    buffer.raw.name = "<stdin>"
    text = type(sys.stdin)(buffer, sys.stdin.encoding, sys.stdin.errors, "\n", False, sys.stdin.write_through)
    text.mode = "r"
    return text


def program(words):
    """The code and the scope of what `python3 WORDS...` runs, with everything as it finds it."""
    _, _, *arguments = map(os.fsdecode, words)
    if hasattr(sys, "orig_argv"):
        sys.orig_argv = [sys.orig_argv[0], *map(os.fsdecode, words[1:])]
    main = type(sys)("__main__")
    main.__dict__.update(FRESH, __doc__=None)
    if arguments[0] == "-c":
        name, source, directory = "<string>", arguments[1] + "\n", ""
        sys.argv = ["-c", *arguments[2:]]
        if sys.version_info >= (3, 14):
            source = dedented(source)
        main.__loader__ = sys.__loader__
        for of_files in ("__file__", "__cached__"):
            main.__dict__.pop(of_files, None)
    else:
        name = arguments[0]
        directory = os.path.dirname(os.path.realpath(name))
        sys.argv = arguments
        sys.path_importer_cache[name] = None
        main.__file__ = name
        main.__loader__ = type(FRESH["__loader__"])("__main__", name)
        with open(name, "rb") as file:
            source = file.read()
    for module in set(sys.modules) - BARE:
        del sys.modules[module]
    if not getattr(sys.flags, "safe_path", False):
        sys.path.insert(0, directory)
    sys.modules["__main__"] = main
    return compiled(name, source, words), main.__dict__


def compiled(name, source, words):
    try:
        code = compile(source, name, "exec", dont_inherit=True)
    except Exception:
        # Nothing has run yet: what cannot be compiled, a fresh interpreter refuses in its own words.
        os.execv(sys.executable, [os.fsencode(sys.executable), *words[1:]])
    if isinstance(source, str) and sys.version_info >= (3, 13):
        # Since then a traceback shows the lines of `-c`.
        import linecache

        linecache._register_code(code if hasattr(linecache, "_code_key") else name, source, name)
    return code


def without_host(error):
    """Lets the interpreter show an exception that leaves __main__ without the frames of this file."""
    trace = error.__traceback__
    while trace and trace.tb_frame.f_code.co_filename == __file__:
        trace = trace.tb_next
    error.__traceback__ = trace
    hook = getattr(sys, "excepthook", sys.__excepthook__)

    def show(kind, value, _):
        sys.excepthook = hook
        sys.last_traceback = value.__traceback__ = trace
        try:
            hook(kind, value, trace)
        except SystemExit:
            raise
        except BaseException as second:
            second.__traceback__ = second.__traceback__.tb_next
            sys.stderr.write("Error in sys.excepthook:\n")
            sys.__excepthook__(type(second), second, second.__traceback__)
            sys.stderr.write("\nOriginal exception was:\n")
            sys.__excepthook__(kind, value, trace)

    sys.excepthook = show


def host(launcher):
    """The request whose child this has become, or None at the end of the host itself."""
    channel = Channel()
    sys.stdin = sys.__stdin__ = fresh_stdin()
    sys.path_importer_cache.pop(__file__, None)
    if not getattr(sys.flags, "safe_path", False):
        sys.path_importer_cache.pop(sys.path.pop(0), None)
    os.write(channel.answers, b"\n")  # The end of whatever was written before.
    try:
        against = what_speaks_against()
        memory = Memory()
        if not against and not memory.proves_itself():
            against = "/proc does not show what is written there"
    except (OSError, ValueError, IndexError) as error:
        against = "/proc is not as it should be: %s" % error
    if against:
        channel.tell("unfit", against.encode())
        return None
    found = b"\0".join(name + b"=" + value for name, value in os.environb.items())
    serving = Host(channel, memory, Origin(launcher))
    gc.freeze()
    channel.tell("ready", os.getpid(), found)
    return serving.serve()


task = host(sys.argv[1])
if task:
    code, scope = program(task.words)
    try:
        exec(code, scope)
    except SystemExit:
        raise
    except BaseException as error:
        without_host(error)
        raise
    finally:
        # So does the interpreter when a file has ended.
        for of_files in ("__file__", "__cached__"):
            scope.pop(of_files, None)
        # What the task has made is to end when its module does.
        del code, scope
