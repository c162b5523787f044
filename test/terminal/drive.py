# Runs a program on a pseudo-terminal of 80 by 24, types keys, and prints what the screen got after each as JSON lines.
#   drive.py KEYS-AS-JSON PROGRAM [ARG...]
# The program is done with a key when nothing came for a while.
import fcntl, json, os, pty, select, signal, struct, sys, termios, time

QUIET, LONGEST = float(os.environ.get("QUIET", "0.4")), 15.0
keys, argv = json.loads(sys.argv[1]), sys.argv[2:]
pid, master = pty.fork()
if pid == 0:
    fcntl.ioctl(0, termios.TIOCSWINSZ, struct.pack("HHHH", 24, 80, 0, 0))
    os.execvp(argv[0], argv)
fcntl.ioctl(master, termios.TIOCSWINSZ, struct.pack("HHHH", 24, 80, 0, 0))


def gather(first):
    seen, start = b"", time.time()
    while time.time() - start < LONGEST:
        # The first output of a program may take long.
        wait = LONGEST if first and not seen else QUIET
        if not select.select([master], [], [], wait)[0]:
            break
        try:
            data = os.read(master, 65536)
        except OSError:
            break
        if not data:
            break
        seen += data
    return seen


print(json.dumps(gather(True).decode("latin1")), flush=True)
for key in keys:
    os.write(master, key.encode("latin1"))
    print(json.dumps(gather(True).decode("latin1")), flush=True)
os.kill(pid, signal.SIGHUP)
_, status = os.waitpid(pid, 0)
print(json.dumps(os.waitstatus_to_exitcode(status)))
