# Runs a program on a pseudo-terminal of 80 by 24: standard input is what is typed, standard output what the screen gets. The end
# of the input hangs up; the status is the program's.
#   drive.py PROGRAM [ARG...]
import fcntl, os, pty, select, signal, struct, sys, termios

pid, master = pty.fork()
size = struct.pack("HHHH", 24, 80, 0, 0)
if pid == 0:
    fcntl.ioctl(0, termios.TIOCSWINSZ, size)
    os.execvp(sys.argv[1], sys.argv[1:])
fcntl.ioctl(master, termios.TIOCSWINSZ, size)
while True:
    ready = select.select([master, 0], [], [])[0]
    if master in ready:
        try:
            data = os.read(master, 65536)
        except OSError:
            break
        os.write(1, data)
    if 0 in ready:
        keys = os.read(0, 65536)
        if not keys:
            os.kill(pid, signal.SIGHUP)
            break
        os.write(master, keys)
_, status = os.waitpid(pid, 0)
sys.exit(os.waitstatus_to_exitcode(status) % 256)
