"""Putting two maps together that grew from one."""

from hypothesis import given
from hypothesis import strategies as st

from generator.stages.three_way import join

MAPS = st.dictionaries(st.sampled_from("abcd"), st.sampled_from("123"))


@given(MAPS, MAPS)
def test_what_only_one_side_changed_is_taken_whole(base: dict[str, str], changed: dict[str, str]) -> None:
    assert join(base, base, changed).members == join(base, changed, base).members == changed
    assert join(base, changed, changed).conflicts == join(base, base, changed).conflicts == ()


@given(MAPS, MAPS, MAPS)
def test_every_key_is_as_one_side_has_it_and_conflicts_are_as_ours(
    base: dict[str, str], ours: dict[str, str], theirs: dict[str, str]
) -> None:
    joined = join(base, ours, theirs)

    for key in "abcd":
        assert joined.members.get(key) in (ours.get(key), theirs.get(key))
        conflicting = len({base.get(key), ours.get(key), theirs.get(key)}) == 3
        assert (key in joined.conflicts) == conflicting
        if conflicting:
            assert joined.members.get(key) == ours.get(key)
    assert list(joined.members) == sorted(joined.members)


@given(MAPS, MAPS, MAPS)
def test_which_side_is_ours_matters_in_conflicts_only(
    base: dict[str, str], ours: dict[str, str], theirs: dict[str, str]
) -> None:
    one, other = join(base, ours, theirs), join(base, theirs, ours)

    assert one.conflicts == other.conflicts
    assert {key: each for key, each in one.members.items() if key not in one.conflicts} == {
        key: each for key, each in other.members.items() if key not in other.conflicts
    }
