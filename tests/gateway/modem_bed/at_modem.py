# SPDX-License-Identifier: Apache-2.0
# A modem with a SIM as far as ModemManager's generic plugin asks for it: 3GPP TS 27.007 commands on a socket.
import re
import socket

ANSWERS = {
    "AT+CGMI": "ACME",
    "AT+CGMM": "Model 1",
    "AT+CGMR": "1.0",
    "AT+CGSN": "490154203237518",
    "AT+GCAP": "+GCAP: +CGSM",
    "AT+CIMI": "262011234567890",
    "AT+CRSM=176,12258,0,0,10": '+CRSM: 144,0,"98940900000000000010"',  # ICCID, digits swapped in pairs
    "AT+CRSM=192,28589,0,0,15": '+CRSM: 144,0,"000000046FAD04000000000001020000"',
    "AT+CRSM=176,28589,0,0,4": '+CRSM: 144,0,"00000002"',
    "AT+CFUN?": "+CFUN: 1",
    "AT+WS46=?": "+WS46: (12,22,25,28,29)",
    "AT+WS46?": "+WS46: 28",
    "AT+CREG?": "+CREG: 2,1,\"00C3\",\"000A7C01\",7",
    "AT+CGREG?": "+CGREG: 2,1,\"00C3\",\"000A7C01\",7",
    "AT+CEREG?": "+CEREG: 2,1,\"00C3\",\"000A7C01\",7",
    "AT+CSQ": "+CSQ: 20,99",
    "AT+CCLK?": '+CCLK: "26/11/23,03:00:00+04"',  # quarters of an hour
    "AT+CTZU=1": "",
    "AT+CTZR=1": "",
    "AT+CGDCONT?": "",
    "AT+CGACT?": "",
}
OPERATORS = {"AT+COPS=3,2": '+COPS: 0,2,"26201",7', "AT+COPS=3,0": '+COPS: 0,0,"ACME Mobile",7'}
TRIES = 3


class AtModem:
    def __init__(self, port, pin, pins):
        """`port`: name of an abstract socket. `pins`: file that gets a line for each PIN tried."""
        self.pin, self.pins = pin, pins
        self.tries, self.is_open, self.operator = TRIES, False, ""
        self.socket = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self.socket.bind("\0" + port)
        self.socket.listen()

    def serve(self):
        while True:
            line, _ = self.socket.accept()
            try:
                self.talk(line)
            except OSError:
                pass

    def talk(self, line):
        pending = b""
        while received := line.recv(1024):
            pending += received
            *commands, pending = re.split(rb"[\r\n]", pending)
            for command in filter(None, commands):
                line.sendall(self.answer(command.decode("ascii", "replace")).encode())

    def answer(self, command):
        if command == "AT+CPIN?":
            return self.ok("+CPIN: " + ("READY" if self.is_open else "SIM PIN" if self.tries else "SIM PUK"))
        if command == 'AT+CSIM=10,"0020000100"':  # VERIFY of PIN 1 without a PIN: tells how many tries are left
            return self.ok(f'+CSIM: 4,"63C{self.tries}"')
        if command.startswith("AT+CSIM="):
            return self.ok('+CSIM: 4,"63C3"')
        if command in OPERATORS:
            self.operator = OPERATORS[command]
        if command == "AT+COPS?":
            return self.ok(self.operator)
        if command.startswith("AT+CPIN="):
            return self.enter(command.removeprefix("AT+CPIN=").strip('"'))
        if command in ANSWERS:
            return self.ok(ANSWERS[command])
        return "\r\nERROR\r\n" if command.endswith("?") or command.startswith("AT+CRSM") else self.ok("")

    def enter(self, pin):
        self.pins.write(pin + "\n")
        if pin == self.pin and self.tries:
            self.is_open, self.tries = True, TRIES
            return self.ok("")
        self.tries -= 1
        return "\r\n+CME ERROR: 16\r\n"  # incorrect password

    @staticmethod
    def ok(text):
        return (f"\r\n{text}\r\n" if text else "") + "\r\nOK\r\n"
