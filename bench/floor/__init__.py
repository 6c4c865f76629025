"""The floor: a Chalice project of its own, the least that could watch a bucket. `bench` packages it."""
