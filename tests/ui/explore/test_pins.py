from regdash import RunConfig, train
from regdash.ui.explore import pins

CONFIG = RunConfig(epochs=2, width=4)


def test_the_difference_names_what_changed():
    assert pins.difference(CONFIG.but(width=8, dropout=0.25), CONFIG) == "width 8 (now 4), dropout 0.25 (now 0.5)"
    assert pins.difference(CONFIG, CONFIG) == "the present settings"


def test_a_pin_on_other_data_says_so():
    run = train(CONFIG)
    (pin,) = pins.named([(1, run)], CONFIG)
    assert pin.name == "Pin 1 (dropout 0.5)"
    (pin,) = pins.named([(1, run)], CONFIG.but(data_seed=8))
    assert pin.name == "Pin 1 (dropout 0.5; other data)"
