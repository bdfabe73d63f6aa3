"""What touches the disk: strict reading of settings, atomic writing, the lock, the stage cache."""
