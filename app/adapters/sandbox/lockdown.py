"""Take away from this process all that decoding does not need, after loading and before decoding.

Each step is tried and may be impossible where the portal runs (a container without user namespaces, an old kernel);
the others then still hold. The last needs no privilege anywhere: with a limit of zero descriptors nothing can be
opened, connected or listened to any more.
"""

from __future__ import annotations

import contextlib
import ctypes
import os
import resource
from typing import NamedTuple

_NOBODY = 65534
_PR_SET_DUMPABLE, _PR_SET_NO_NEW_PRIVS = 4, 38
_NEW_NAMESPACES = 0x00020000 | 0x08000000 | 0x10000000 | 0x40000000  # mount, IPC, user, network
_MOUNT_FLAGS = 1 | 2 | 4 | 8  # read-only, no set-uid, no devices, no programs
_MOUNT_POINT = b"/tmp"  # nothing is written there: an empty, read-only file system of our own covers it
_CAPABILITY_VERSION_3 = 0x20080522
_LANDLOCK_CREATE, _LANDLOCK_RESTRICT, _LANDLOCK_VERSION = 444, 446, 1
# Rights that each version of Landlock can take away: version → (files, network, scope).
_LANDLOCK_FILES = {1: (1 << 13) - 1, 2: (1 << 14) - 1, 3: (1 << 15) - 1, 4: (1 << 15) - 1, 5: (1 << 16) - 1}


class Layers(NamedTuple):
    """Which walls stand; `no_new_files` always does."""

    nobody: bool
    no_new_privileges: bool
    own_namespaces: bool
    empty_root: bool
    landlock: int  # version, 0 without
    no_new_files: bool


def lock_down() -> Layers:
    """Build every wall that can be built here and say which stand; imports and opening files end here."""
    libc = ctypes.CDLL(None, use_errno=True)
    nobody = _become_nobody()
    no_new_privileges = libc.prctl(_PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0
    own_namespaces = libc.unshare(_NEW_NAMESPACES) == 0
    empty_root = own_namespaces and _enter_empty_root(libc)
    _drop_capabilities(libc)
    landlock = _restrict_with_landlock(libc)
    libc.prctl(_PR_SET_DUMPABLE, 0, 0, 0, 0)
    resource.setrlimit(resource.RLIMIT_NOFILE, (0, 0))
    return Layers(nobody, no_new_privileges, own_namespaces, empty_root, landlock, no_new_files=True)


def _become_nobody() -> bool:
    with contextlib.suppress(OSError):  # a container may know no such user, or forbid it
        if os.geteuid() == 0:
            os.setgroups([])
            os.setresgid(_NOBODY, _NOBODY, _NOBODY)
            os.setresuid(_NOBODY, _NOBODY, _NOBODY)
    return os.geteuid() != 0


def _enter_empty_root(libc: ctypes.CDLL) -> bool:
    if libc.mount(b"none", _MOUNT_POINT, b"tmpfs", _MOUNT_FLAGS, b"size=4k,nr_inodes=1,mode=555") != 0:
        return False
    os.chdir(_MOUNT_POINT)
    os.chroot(".")
    os.chdir("/")
    return True


class _CapabilityHead(ctypes.Structure):
    _fields_ = (("version", ctypes.c_uint32), ("pid", ctypes.c_int))


class _CapabilitySet(ctypes.Structure):
    _fields_ = (("effective", ctypes.c_uint32), ("permitted", ctypes.c_uint32), ("inheritable", ctypes.c_uint32))


def _drop_capabilities(libc: ctypes.CDLL) -> None:
    none = (_CapabilitySet * 2)()
    libc.capset(ctypes.byref(_CapabilityHead(_CAPABILITY_VERSION_3, 0)), ctypes.byref(none))


def _restrict_with_landlock(libc: ctypes.CDLL) -> int:
    version: int = libc.syscall(_LANDLOCK_CREATE, None, 0, _LANDLOCK_VERSION)
    if version < 1:
        return 0
    files = _LANDLOCK_FILES[min(version, 5)]
    network, scope = (3 if version >= 4 else 0), (3 if version >= 6 else 0)
    # No rule is added to the set, so everything that it handles is denied.
    rules = (ctypes.c_uint64 * 3)(files, network, scope)
    size = 24 if version >= 6 else 16 if version >= 4 else 8
    ruleset = libc.syscall(_LANDLOCK_CREATE, ctypes.byref(rules), ctypes.c_size_t(size), 0)
    if ruleset < 0:
        return 0
    restricted = libc.syscall(_LANDLOCK_RESTRICT, ruleset, 0) == 0
    os.close(ruleset)
    return version if restricted else 0
