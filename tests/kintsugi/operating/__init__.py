"""Tests of `kintsugi/operating`."""
