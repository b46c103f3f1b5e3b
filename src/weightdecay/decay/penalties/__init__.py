"""The penalties and constraints: what is measured of the weights, a file each."""
