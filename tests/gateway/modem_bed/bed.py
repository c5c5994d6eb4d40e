# SPDX-License-Identifier: Apache-2.0
# The real ModemManager on a bus of its own with a modem that is a Python program: for modem_manager_test.cpp.
#
#     bed.py DIRECTORY PIN      prints the address of the bus, then obeys lines on its standard input
#         manager off|on        stops or starts ModemManager
#         polkit off|on         takes away or grants the right to control modems
#     each is answered by a line "done". DIRECTORY/pins has a line for each PIN the modem was sent. Ends with its
#     standard input. Needs root, as ModemManager's test interface does.
import os
import subprocess
import sys
import threading
import time

import dbus

from at_modem import AtModem

directory, pin = sys.argv[1:]
PORT = f"abstract:ttyFAKE{os.getpid()}"
BUS_CONFIG = """<!DOCTYPE busconfig PUBLIC "-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN"
 "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">
<busconfig><type>system</type><listen>unix:path={0}/bus</listen><auth>EXTERNAL</auth>
<policy context="default"><allow send_destination="*" eavesdrop="true"/><allow eavesdrop="true"/><allow own="*"/>
</policy></busconfig>"""


def start(*command):
    return subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=log, stderr=log)


def stop(process):
    process.terminate()
    process.wait()


def until(what, limit_s=20):
    """What came out of `what` once it raises nothing."""
    end = time.monotonic() + limit_s
    while True:
        try:
            return what()
        except (dbus.DBusException, OSError):
            if time.monotonic() > end:
                raise
            time.sleep(0.05)


def polkit_on():
    running["polkit"] = start(sys.executable, "-m", "dbusmock", "--system", "--template", "polkitd")

    def allow():
        authority = bus.get_object("org.freedesktop.PolicyKit1", "/org/freedesktop/PolicyKit1/Authority")
        authority.AllowUnknown(True, dbus_interface="org.freedesktop.DBus.Mock")

    until(allow)


def manager_on():
    running["manager"] = start("ModemManager", "--debug", "--test-enable", "--test-no-udev",
                               "--test-no-suspend-resume")

    def plug_in():
        root = bus.get_object("org.freedesktop.ModemManager1", "/org/freedesktop/ModemManager1", introspect=False)
        root.SetProfile("test0", "generic", [PORT], dbus_interface="org.freedesktop.ModemManager1.Test")

    until(plug_in)


SWITCHES = {"polkit": polkit_on, "manager": manager_on}

os.makedirs(directory, exist_ok=True)
log = open(f"{directory}/log", "w")
with open(f"{directory}/bus.conf", "w") as file:
    file.write(BUS_CONFIG.format(directory))
address = f"unix:path={directory}/bus"
os.environ["DBUS_SYSTEM_BUS_ADDRESS"] = address
running = {}
daemon = start("dbus-daemon", f"--config-file={directory}/bus.conf", "--nofork")
try:
    bus = until(lambda: dbus.bus.BusConnection(address))
    modem = AtModem(PORT, pin, open(f"{directory}/pins", "a", buffering=1))
    threading.Thread(target=modem.serve, daemon=True).start()
    for switch_on in SWITCHES.values():
        switch_on()
    print(address, flush=True)
    for line in sys.stdin:
        what, state = line.split()
        if state == "on":
            SWITCHES[what]()
        else:
            stop(running.pop(what))
        print("done", flush=True)
finally:
    for process in running.values():
        stop(process)
    stop(daemon)
