"""Pure functions on Arrow tables: no store, no network. Public: a researcher can import them."""
