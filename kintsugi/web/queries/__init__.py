"""Read queries of pages that belong to no single noun of storage/."""
