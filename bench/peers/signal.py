"""Rates of public implementations, spectra/s of 2 048 channels: one JSON object {method: {name, spectraPerSecond}} to standard output.

Measures what can be imported of numpy, silx, pybaselines and lmfit; what cannot is left out.
"""
import json
import time

import numpy as np

CHANNELS = 2048
SPECTRA = 8
SECONDS = 1.0
result = {}


def gaussian(i, centre, sigma):
    return np.exp(-0.5 * ((i - centre) / sigma) ** 2)


def measure(method, name, spectra, work):
    """The best of blocks within a second: on a busy machine the others tell of their neighbours."""
    work(spectra[0])
    best = 0.0
    end = time.perf_counter() + SECONDS
    while time.perf_counter() < end:
        start = time.perf_counter()
        for spectrum in spectra:
            work(spectrum)
        best = max(best, len(spectra) / (time.perf_counter() - start))
    result[method] = {"name": name, "spectraPerSecond": best}


def main():
    random = np.random.default_rng(7)
    i = np.arange(CHANNELS, dtype=float)
    poisson = lambda mean: [random.poisson(mean).astype(float) for _ in range(SPECTRA)]
    peaks = poisson(
        200 + 400 * np.exp(-i / 900) + 900 * gaussian(i, 400, 8) + 500 * gaussian(i, 900, 12) + 300 * gaussian(i, 1500, 10)
    )
    energies = 400 + 0.25 * i
    losses = poisson(5e12 * energies**-3.4 + 200 * (i > 1100))

    def two_areas(counts, first=700, end=1060):
        middle = (first + end) // 2
        e1, e2 = energies[first], energies[end]
        e3 = 0.5 * (e1 + e2)
        upper = counts[middle:end].sum()
        r = 2 * np.log(counts[first:middle].sum() / upper) / np.log(e2 / e1)
        k = 1 - r
        return k * upper * 0.25 / (e2**k - e3**k) * energies**-r

    measure("power law, two areas, with its curve", "numpy", losses, two_areas)

    try:
        from silx.math.fit.filters import snip1d

        measure("snip, half width 40, raw", "silx", peaks, lambda y: snip1d(y, 40))
    except ImportError:
        pass

    try:
        from pybaselines import Baseline

        baseline = Baseline(i)
        measure("asls", "pybaselines", peaks, lambda y: baseline.asls(y, lam=1e7, p=0.01))
        measure("arpls", "pybaselines", peaks, lambda y: baseline.arpls(y, lam=1e7))
        measure("airpls", "pybaselines", peaks, lambda y: baseline.airpls(y, lam=1e7))
    except ImportError:
        pass

    try:
        from lmfit.models import LinearModel, PseudoVoigtModel

        model = PseudoVoigtModel(prefix="a_") + PseudoVoigtModel(prefix="b_") + LinearModel()
        start = model.make_params(
            a_center=905, b_center=1005, a_sigma=22, a_fraction=0.4, a_amplitude=2e4, b_amplitude=1e4, slope=0, intercept=100
        )
        start["b_sigma"].set(expr="a_sigma")
        start["b_fraction"].set(expr="a_fraction")
        truth = model.eval(start, x=i)
        doublets = poisson(truth)
        measure(
            "two peaks, shared width, warm, least squares",
            "lmfit",
            doublets,
            lambda y: model.fit(y, start, x=i, weights=1 / np.sqrt(np.maximum(y, 1))),
        )
    except ImportError:
        pass

    print(json.dumps(result))


if __name__ == "__main__":
    main()
