"""Tests of `kintsugi/commands`."""
