"""The generator of Exampleshire, the made-up council: see `__main__`."""
