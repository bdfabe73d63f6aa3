"""How colours look to readers who cannot tell red from green, and in grey.

The matrices are those of Machado, Oliveira and Fernandes (2009) for full severity, on linear RGB:
https://doi.org/10.1109/TVCG.2009.113. Differences are Euclidean in CIELAB (CIE 1976).
"""

import numpy as np
from matplotlib.colors import to_rgb
from numpy.typing import NDArray

SIGHTS = {
    "usual": np.eye(3),
    "protanopia": np.array(
        [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]]
    ),
    "deuteranopia": np.array(
        [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.011820, 0.042940, 0.968881]]
    ),
}
XYZ = np.array(
    [[0.4124564, 0.3575761, 0.1804375], [0.2126729, 0.7151522, 0.0721750], [0.0193339, 0.1191920, 0.9503041]]
)
WHITE = np.array([0.95047, 1.0, 1.08883])


def linear(colour: object) -> NDArray[np.float64]:
    part = np.array(to_rgb(colour))  # type: ignore[arg-type]
    return np.where(part <= 0.04045, part / 12.92, ((part + 0.055) / 1.055) ** 2.4)


def lab(colour: object, sight: str = "usual") -> NDArray[np.float64]:
    """Return lightness, a and b of a colour as it is seen."""
    seen = np.clip(SIGHTS[sight] @ linear(colour), 0, 1)
    ratio = XYZ @ seen / WHITE
    root = np.where(ratio > 0.008856, np.cbrt(ratio), 7.787 * ratio + 16 / 116)
    return np.array([116 * root[1] - 16, 500 * (root[0] - root[1]), 200 * (root[1] - root[2])])


def apart(one: object, other: object, sight: str = "usual") -> float:
    """Return how different two colours look."""
    return float(np.linalg.norm(lab(one, sight) - lab(other, sight)))


def contrast(one: object, other: object) -> float:
    """Return the contrast ratio of two colours as the Web Content Accessibility Guidelines have it, 1 to 21."""
    light = sorted(float(XYZ[1] @ linear(colour)) + 0.05 for colour in (one, other))
    return light[1] / light[0]
