"""A soft IOC for the test of the bridge: a waveform and a temperature, ten times a second."""

import sys

from caproto import AlarmSeverity, AlarmStatus
from caproto.server import PVGroup, pvproperty, run


class Instrument(PVGroup):
    """The waveform holds its own number in every channel; every fifth is INVALID."""

    mca = pvproperty(value=[0.0] * 8, max_length=8, name="MCA", dtype=float)
    temperature = pvproperty(value=300.0, name="TEMP", precision=3)

    @mca.startup
    async def mca(self, instance, async_lib):
        count = 0
        print("serving", flush=True)
        while True:
            await async_lib.library.sleep(0.1)
            count += 1
            is_invalid = count % 5 == 0
            await instance.write(
                [float(count)] * 8,
                severity=AlarmSeverity.INVALID_ALARM if is_invalid else AlarmSeverity.NO_ALARM,
                status=AlarmStatus.READ if is_invalid else AlarmStatus.NO_ALARM,
            )
            await self.temperature.write(300 + count)


if __name__ == "__main__":
    run(Instrument(prefix=sys.argv[1]).pvdb, interfaces=["127.0.0.1"])
