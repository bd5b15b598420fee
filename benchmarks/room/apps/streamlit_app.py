"""Streamlit: a selectbox for each item; each area is a fragment, so that an answer runs its area again, not all."""

from uuid import uuid4

import streamlit as st
from records import RECORDS
from worksheet import SECTIONS, TITLE

st.set_page_config(page_title=TITLE)
state = st.session_state
state.setdefault("visitor", str(uuid4()))


def keep(item, place):
    """Save what was chosen."""
    state[place] = RECORDS.save(state.visitor, item.id, item.code(state[item.id]))


@st.fragment
def area(section):
    """One area and whether it is saved."""
    st.subheader(section.title)
    st.write(section.intro)
    place = f"said {section.title}"
    for item in section.items:
        st.selectbox(item.text, item.labels, index=None, key=item.id, on_change=keep, args=(item, place))
    st.caption(state.get(place, ""))


st.title(TITLE)
for section in SECTIONS:
    area(section)
