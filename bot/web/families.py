"""Prometheus' families of figures, under the desk's own name."""

from collections.abc import Iterable, Sequence
from typing import Final

from prometheus_client.metrics_core import (
    CounterMetricFamily,
    GaugeMetricFamily,
    HistogramMetricFamily,
    Metric,
)

from bot.services.counts import Times

PREFIX: Final = "comment_desk"


def gauge(name: str, words: str, value: float) -> Metric:
    """Return one number under one name."""
    return GaugeMetricFamily(f"{PREFIX}_{name}", words, value=float(value))


def gauges(
    name: str,
    words: str,
    labels: Sequence[str],
    values: Iterable[tuple[Sequence[str], float]],
) -> Metric:
    """Return numbers that go up and down, each told from the others by its labels."""
    return _filled(GaugeMetricFamily(f"{PREFIX}_{name}", words, labels=labels), values)


def counter(
    name: str,
    words: str,
    labels: Sequence[str],
    values: Iterable[tuple[Sequence[str], float]],
) -> Metric:
    """Return numbers that only go up, each told from the others by its labels."""
    return _filled(CounterMetricFamily(f"{PREFIX}_{name}", words, labels=labels), values)


def _filled(
    family: GaugeMetricFamily | CounterMetricFamily, values: Iterable[tuple[Sequence[str], float]]
) -> Metric:
    for these, value in values:
        family.add_metric(these, float(value))
    return family


class Histogram(HistogramMetricFamily):
    """How long something took, in seconds."""

    def of(self, times: Times, *labels: str) -> "Histogram":
        """Add the times of one set of labels, and return the whole."""
        self.add_metric(labels, buckets=list(times.buckets()), sum_value=times.total)
        return self


def histogram(name: str, words: str, *labels: str) -> Histogram:
    """Return how long something took; nothing is in it yet."""
    return Histogram(f"{PREFIX}_{name}", words, labels=labels)
