import numpy as np

from sentiment.graph import BLOCK, four_bit_blocks


def test_a_table_that_was_quantised_before_is_stored_without_loss() -> None:
    chance = np.random.default_rng(4)
    codes = chance.integers(-8, 8, size=(50, 2 * BLOCK))
    scales = chance.uniform(0.001, 0.2, size=(50, 2)).astype(np.float32)
    table = (codes.reshape(50, 2, BLOCK) * scales[:, :, None]).reshape(50, -1).astype(np.float32)
    found, factors = four_bit_blocks(table)
    assert found.min() >= -8
    assert found.max() <= 7
    assert np.allclose((found.reshape(50, 2, BLOCK) * factors[:, :, None]).reshape(50, -1), table, atol=1e-6)


def test_a_block_of_zeros_stays_zero() -> None:
    codes, _ = four_bit_blocks(np.zeros((2, BLOCK), np.float32))
    assert not codes.any()
