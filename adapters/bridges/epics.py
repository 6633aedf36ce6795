#!/usr/bin/env python3
"""EPICS Channel Access to the http transport of operando: one waveform as frames, scalars as slow signals.

    pip install caproto
    python3 epics.py --spectrum XF:MCA1 --exposure-ms 100 --start 0 --step 10 --axis energy:eV \\
        --slow temperature=XF:TEMP:K --url http://127.0.0.1:8090/

OPERANDO_TOKEN in the environment is sent as a bearer token.

The time stamp of the record is taken for the end of the exposure. The bridge numbers the updates it sees: what the IOC
leaves out between two updates is seen by nobody. An INVALID value is not sent; of a spectrum its number is left out, so
that the monitor counts it as lost. While the monitor is away or busy the newest updates wait, 256 of them at the most;
older ones are given up, and the gap in the numbers tells of them.
"""

import argparse
import collections
import json
import os
import random
import sys
import threading
import time
import urllib.error
import urllib.request

MOST_WAITING = 256
FIRST_WAIT_S, LONGEST_WAIT_S = 0.25, 5.0
INVALID = 3


def parse_arguments():
    """Settings of the command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--url", default="http://127.0.0.1:8090/", help="where the http transport listens")
    parser.add_argument("--stream", default="epics", help="name of the stream")
    parser.add_argument("--spectrum", required=True, metavar="PV", help="a waveform; every update is a frame")
    parser.add_argument("--exposure-ms", type=float, required=True, help="live time of one spectrum")
    parser.add_argument("--axis", default="channel:1", metavar="NAME:UNIT", help="fast axis and its UCUM unit")
    parser.add_argument("--start", type=float, default=0, help="coordinate of channel 0")
    parser.add_argument("--step", type=float, default=1, help="from channel to channel, above 0")
    parser.add_argument("--noise", default="poisson", choices=["poisson", "gaussian", "unknown"])
    parser.add_argument("--slow", action="append", default=[], metavar="NAME=PV:UNIT", help="a scalar; may be repeated")
    arguments = parser.parse_args()
    if arguments.step <= 0:
        parser.error("--step: expected a number above 0")
    if arguments.axis.count(":") != 1:
        parser.error(f"--axis: got {arguments.axis}, expected NAME:UNIT")
    for slow in arguments.slow:
        if "=" not in slow or ":" not in slow.partition("=")[2]:
            parser.error(f"--slow: got {slow}, expected NAME=PV:UNIT")
    return arguments


class Spectra:
    """Makes wire items of the updates of a waveform: a layout for each new length, then frames."""

    def __init__(self, arguments):
        self.arguments = arguments
        self.seq = 0
        self.stamp_s = None

    def layout(self, length):
        name, unit = self.arguments.axis.split(":")
        coordinates = [self.arguments.start + i * self.arguments.step for i in range(length)]
        axis = {"name": name, "unit": unit, "placement": "centre", "coordinates": coordinates}
        return {
            "type": "layout",
            "stream": self.arguments.stream,
            "layoutId": f"n{length}",
            "axes": [axis],
            "quantity": "counts" if self.arguments.noise == "poisson" else "intensity",
            "unit": "1",
            "noise": self.arguments.noise,
        }

    def frame(self, values, stamp_s):
        exposure_us = round(self.arguments.exposure_ms * 1000)
        return {
            "type": "frame",
            "stream": self.arguments.stream,
            "seq": self.seq,
            "timeUs": round(stamp_s * 1e6) - exposure_us,
            "exposureUs": exposure_us,
            "layoutId": f"n{len(values)}",
            "values": values,
        }


class Poster(threading.Thread):
    """Posts items in order; holds the newest while the monitor is away."""

    def __init__(self, url, token, layout):
        super().__init__(daemon=True)
        self.url = url
        self.layout = layout
        self.headers = {"Content-Type": "application/json"}
        if token:
            self.headers["Authorization"] = f"Bearer {token}"
        self.waiting = collections.deque(maxlen=MOST_WAITING)
        self.arrived = threading.Condition()
        self.known = set()

    def put(self, item):
        with self.arrived:
            self.waiting.append(item)
            self.arrived.notify()

    def run(self):
        wait_s = FIRST_WAIT_S
        while True:
            with self.arrived:
                while not self.waiting:
                    self.arrived.wait()
                item = self.waiting.popleft()
            while not self.deliver(item):
                time.sleep(wait_s * (0.5 + 0.5 * random.random()))
                wait_s = min(2 * wait_s, LONGEST_WAIT_S)
                with self.arrived:
                    # When others were given up meanwhile, this one is older than all of them.
                    if len(self.waiting) == MOST_WAITING:
                        item = self.waiting.popleft()
            wait_s = FIRST_WAIT_S

    def deliver(self, item):
        """True when the item is done with: taken, or refused for good."""
        if item["type"] == "slow":
            return self.post(item) != "later"
        if item["layoutId"] not in self.known:
            if self.post(self.layout(len(item["values"]))) == "later":
                return False
            self.known.add(item["layoutId"])
        answer = self.post(item)
        if answer == "layout":
            # The monitor was restarted.
            self.known.clear()
            return False
        return answer != "later"

    def post(self, item):
        """'taken', 'refused', 'layout' (it is not known there), or 'later'."""
        request = urllib.request.Request(self.url, json.dumps(item).encode(), self.headers, method="POST")
        try:
            with urllib.request.urlopen(request, timeout=10):
                return "taken"
        except urllib.error.HTTPError as error:
            detail = error.read().decode(errors="replace").strip()
            if error.code == 400 and '"reason":"layout"' in detail:
                return "layout"
            print(f"{error.code}: {detail}", file=sys.stderr)
            return "refused" if error.code in (400, 413, 415) else "later"
        except OSError as error:
            print(f"the monitor is away: {error}", file=sys.stderr)
            return "later"


def main():
    """Subscribes to the process variables until it is interrupted."""
    arguments = parse_arguments()
    from caproto import SubscriptionType
    from caproto.threading.client import Context

    spectra = Spectra(arguments)
    poster = Poster(arguments.url, os.environ.get("OPERANDO_TOKEN"), spectra.layout)
    poster.start()

    def on_spectrum(_, update):
        # Of one exposure the first update counts: a server may tell its value and its alarm one after the other.
        if update.metadata.timestamp == spectra.stamp_s:
            return
        spectra.stamp_s = update.metadata.timestamp
        if update.metadata.severity != INVALID:
            # NaN is no JSON; null is the missing value.
            values = [float(value) for value in update.data]
            poster.put(spectra.frame([v if abs(v) < float("inf") else None for v in values], spectra.stamp_s))
        spectra.seq += 1

    def on_scalar(name, unit):
        def on_update(_, update):
            value = float(update.data[0])
            if update.metadata.severity == INVALID or not abs(value) < float("inf"):
                return
            stamp_us = round(update.metadata.timestamp * 1e6)
            poster.put({"type": "slow", "name": name, "timeUs": stamp_us, "value": value, "unit": unit})

        return on_update

    wanted = [(arguments.spectrum, on_spectrum)]
    for slow in arguments.slow:
        name, _, rest = slow.partition("=")
        pv_name, _, unit = rest.rpartition(":")
        wanted.append((pv_name, on_scalar(name, unit)))
    pvs = Context().get_pvs(*(pv_name for pv_name, _ in wanted))
    # An alarm that changes without the value is no new exposure.
    mask = SubscriptionType.DBE_VALUE
    # Kept, as caproto forgets a callback that nobody else holds.
    held = [(pv.subscribe(data_type="time", mask=mask), callback) for pv, (_, callback) in zip(pvs, wanted)]
    for subscription, callback in held:
        subscription.add_callback(callback)
    print(f"listening to {', '.join(pv_name for pv_name, _ in wanted)}", flush=True)
    threading.Event().wait()


if __name__ == "__main__":
    try:
        main()
    except KeyboardInterrupt:
        pass
