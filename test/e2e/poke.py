#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""poke.py - makes another process try system calls, as a taken-over one would.

  poke.py PID CALL...    attaches by ptrace and lets it do each call in turn; prints
                         "CALL: 1234" (what it returned), "CALL: EPERM" or
                         "CALL: killed by SIGSYS", after which there is no next one

The process must be stopped in a system call (waiting for input). Ends with 77 when it
cannot be attached to, or the machine is not an x86-64.
"""
import ctypes
import errno
import os
import platform
import signal
import sys

ATTACH, SINGLESTEP, GETREGS, SETREGS, DETACH = 16, 9, 12, 13, 17
SKIPPED = 77

REGISTERS = ("r15 r14 r13 r12 rbp rbx r11 r10 r9 r8 rax rcx rdx rsi rdi orig_rax rip cs eflags "
             "rsp ss fs_base gs_base ds es fs gs").split()
NOWHERE = 0xffffff9c  # AT_FDCWD
# A call, its number and its first arguments; TEXT stands for an address with a 0 octet.
TEXT = "text"
CALLS = {
    "getpid": (39,),
    "open": (2, TEXT, 0),
    "openat": (257, NOWHERE, TEXT, 0),
    "openat2": (437, NOWHERE, TEXT, TEXT, 24),
    "creat": (85, TEXT, 0o600),
    "socket": (41, 2, 1, 0),
    "socketpair": (53, 1, 1, 0, TEXT),
    "connect": (42, 0, TEXT, 16),
    "bind": (49, 0, TEXT, 16),
    "accept": (43, 0, 0, 0),
    "execve": (59, TEXT, 0, 0),
    "execveat": (322, NOWHERE, TEXT, 0, 0, 0),
    "fork": (57,),
    "vfork": (58,),
    "clone": (56, 17, 0, 0, 0),
    "clone3": (435, TEXT, 88),
    "kill": (62, os.getpid(), 0),
    "ptrace": (101, 16, 1, 0, 0),
    "pipe": (22, TEXT),
    "dup": (32, 0),
    "memfd_create": (319, TEXT, 0),
    "unlink": (87, TEXT),
    "rename": (82, TEXT, TEXT),
    "mkdir": (83, TEXT, 0o700),
    "chdir": (80, TEXT),
    "chroot": (161, TEXT),
    "stat": (4, TEXT, TEXT),
    "mount": (165, TEXT, TEXT, TEXT, 0, 0),
    "prctl": (157, 4, 1, 0, 0),
    "setuid": (105, 0),
    "mmap-exec": (9, 0, 4096, 5, 0x22, 0xffffffffffffffff, 0),
    "mprotect-exec": (10, TEXT, 4096, 5),
    "ioctl": (16, 1, 0x5412, TEXT),
    "bpf": (321, 0, TEXT, 64),
    "io_uring_setup": (425, 1, TEXT),
    "setrlimit": (160, 7, TEXT),
    "truncate": (76, TEXT, 0),
    "process_vm_readv": (310, 1, TEXT, 1, TEXT, 1, 0),
}


class Registers(ctypes.Structure):
    _fields_ = [(name, ctypes.c_uint64) for name in REGISTERS]


libc = ctypes.CDLL(None, use_errno=True)
libc.ptrace.argtypes = [ctypes.c_long, ctypes.c_int, ctypes.c_void_p, ctypes.c_void_p]
libc.ptrace.restype = ctypes.c_long


def ptrace(what, pid, data=None):
    if libc.ptrace(what, pid, None, data) == -1:
        error = ctypes.get_errno()
        raise OSError(error, os.strerror(error))


def one(pid, before, name):
    number, *arguments = CALLS[name]
    regs = Registers.from_buffer_copy(before)
    regs.rip -= 2  # the instruction that waits: syscall
    regs.rax, regs.orig_rax = number, 0xffffffffffffffff
    for place, value in zip(("rdi", "rsi", "rdx", "r10", "r8", "r9"), arguments):
        setattr(regs, place, before.rsp if value == TEXT else value)
    ptrace(SETREGS, pid, ctypes.byref(regs))
    ptrace(SINGLESTEP, pid)
    _, status = os.waitpid(pid, 0x40000000)
    if os.WIFSIGNALED(status):
        return "killed by " + signal.Signals(os.WTERMSIG(status)).name
    if os.WSTOPSIG(status) == signal.SIGSYS:
        return "killed by SIGSYS"
    ptrace(GETREGS, pid, ctypes.byref(regs))
    value = ctypes.c_int64(regs.rax).value
    return errno.errorcode[-value] if -4096 < value < 0 else str(value)


def main():
    if platform.machine() != "x86_64":
        sys.exit(SKIPPED)
    pid, before = int(sys.argv[1]), Registers()
    try:
        ptrace(ATTACH, pid)
    except OSError:
        sys.exit(SKIPPED)
    os.waitpid(pid, 0x40000000)
    ptrace(GETREGS, pid, ctypes.byref(before))
    for name in sys.argv[2:]:
        said = one(pid, before, name)
        print("%s: %s" % (name, said), flush=True)
        if said.startswith("killed"):
            return
    ptrace(SETREGS, pid, ctypes.byref(before))
    ptrace(DETACH, pid)


main()
