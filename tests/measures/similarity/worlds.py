"""Texts for Hypothesis of which many are near-copies of one another, in scripts with and without spaces."""

from __future__ import annotations

from hypothesis import strategies as st

BASES = (
    "the garden club plants tulips and roses at the old mill on sunday morning bring gloves and a spade please",
    "велоклуб едет в субботу утром от моста до мельницы и обратно возьмите воду насос и хорошее настроение с собой",
    "نادي الحديقة يزرع الورود صباح الأحد قرب الطاحونة القديمة أحضروا القفازات والمجارف معكم من فضلكم أيها الأصدقاء",
    "花园俱乐部星期天早上在老磨坊种郁金香和玫瑰请大家带上手套和铲子一起来参加活动吧",
    "ชมรมจักรยานออกเดินทางเช้าวันเสาร์จากสะพานไปโรงสีและกลับนำน้ำและที่สูบลมมาด้วยนะครับ",
)
EXTRA = ("tulips", "насос", "花", "園", "الورود", "mill", "🌷", "@anna", "https://x.org/a", "2")


@st.composite
def texts(draw: st.DrawFn) -> str:
    """A base, cut short or lengthened at either end, a word or letter changed here or there, or disguised."""
    base = draw(st.sampled_from(BASES))
    words = base.split() if " " in base else list(base)
    start = draw(st.sampled_from([0, 0, 0, 1, 2]))
    words = words[start : len(words) - draw(st.sampled_from([0, 0, 1, 2, 3, 15, 18, 50]))]
    for _ in range(draw(st.sampled_from([0, 0, 0, 1, 2]))):
        words.insert(draw(st.integers(0, len(words))), draw(st.sampled_from(EXTRA)))
    text = (" " if " " in base else "").join(words)
    return text.upper() if draw(st.booleans()) and draw(st.booleans()) else text


rows = st.lists(st.one_of(texts(), texts(), st.sampled_from(["", "🌷", "tulips", "TULIPS!", "two words"])), max_size=10)
