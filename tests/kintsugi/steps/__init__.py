"""Tests of `kintsugi/steps`."""
