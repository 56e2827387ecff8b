"""What every page uses: the selection, the cached loaders, the look."""
