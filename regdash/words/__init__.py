"""Every sentence that is computed from numbers: of runs, of studies, and for readers who cannot see the charts."""
