"""Answers 0–4 as normal levels that are cut: their means, variances and covariances without drawing any.

An answer's mean is Σ P(level > cut). Two answers with the correlation r between their levels have the covariance
Σ aⱼ bⱼ rʲ, with the Hermite coefficients of both: the tetrachoric series (Pearson 1900; Kendall and Stuart, vol. 2).
"""

from math import sqrt

import numpy as np

from mentorkit.cohort.simulation.asking import Array

CUTS = np.array([0.5, 1.5, 2.5, 3.5])
SERIES = 80  # terms: with correlations up to .8 the rest is under 1e-8


def above(mean: Array, sd: float) -> Array:
    """P(level > cut) for each cut, in a last dimension of its own."""
    from scipy.special import ndtr

    return np.asarray(ndtr((mean[..., None] - CUTS) / sd))


def answer_mean(mean: Array, sd: float) -> Array:
    """The mean answer (0–4) at a level that varies with this mean and standard deviation."""
    return np.asarray(above(mean, sd).sum(axis=-1))


def answer_covariance(mean: Array, sd: float, correlation: Array) -> Array:
    """The covariances of all answers with one another, variances in the diagonal."""
    cuts = (CUTS - mean[:, None]) / sd
    density = np.exp(-(cuts**2) / 2) / sqrt(2 * np.pi)
    covariance, power = np.zeros_like(correlation), np.ones_like(correlation)
    older, polynomial = np.zeros_like(cuts), np.ones_like(cuts)  # Hermite, divided by the root of the factorial
    for order in range(1, SERIES + 1):
        coefficient = (density * polynomial).sum(axis=1) / sqrt(order)
        power = power * correlation
        covariance += np.outer(coefficient, coefficient) * power
        older, polynomial = polynomial, (cuts * polynomial - sqrt(order - 1) * older) / sqrt(order)
    np.fill_diagonal(covariance, _variance(mean, sd))
    return covariance


def _variance(mean: Array, sd: float) -> Array:
    over = above(mean, sd)
    return np.asarray((over * np.arange(1, 2 * len(CUTS), 2)).sum(axis=-1) - over.sum(axis=-1) ** 2)
