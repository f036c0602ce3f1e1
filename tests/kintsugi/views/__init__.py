"""Tests of `kintsugi/views`."""
