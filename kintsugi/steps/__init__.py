"""The steps of the path, one file each: what `kintsugi/pipeline.py` and the ticks call."""
