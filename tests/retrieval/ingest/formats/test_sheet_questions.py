"""Are questions answered from tables, by the cell or the record that was asked for, and is it told where it stands?"""

import pytest

from bot.models import Reply
from bot.rendering import discord, slack, terminal
from retrieval import Index, answer, build_index, read_memos
from tests.bot.rendering import reading
from tests.bot.rendering.answers import link

YEARS = "\n".join(f"{2010 + n},{1000 + 37 * n},{90 + 3 * n},{40 + 2 * n}" for n in range(15))
TABLES = {
    "budget.csv": "Annual budget\nin thousand EUR\n\nDepartment;2022;2023;2024\nTravel;12,0;13,5;14,0\n"
    "Personnel;420,0;455,2;470,1\nOffice rent;96,0;96,0;99,5\nTraining;8,0;9,1;12,4\nTotal;536,0;573,8;596,0\n",
    "suppliers.csv": "Supplier,City,Goods,Contact,Since,Payment terms\n"
    "Müller GmbH,Berlin,paper and ink,Eva Brandt,2015-03-01,30 days\n"
    "Weber KG,Berlin,office chairs,Tom Hagen,2019-07-15,14 days\n"
    "ACME Ltd,London,servers and network equipment,Priya Shah,2021-01-10,60 days\n"
    "Nord AS,Oslo,paper,Kari Nilsen,2018-11-30,30 days\n"
    'Sud SARL,Lyon,"catering, coffee",Luc Moreau,2020-02-20,immediately\n',
    "risks.tsv": "ID\tRisk\tLikelihood\tOwner\tMitigation\n"
    "R1\tVendor lock-in with the cloud provider\thigh\tAnn Lee\tMove the storage layer to open formats\n"
    "R2\tKey person leaves the payments team\tmedium\tBob Carter\tDocument the settlement process\n"
    "R3\tData centre outage in Frankfurt\tlow\tDan Brown\tSecond site in Dublin, failover tested twice a year\n",
    "prices.csv": "Product,SKU,Price EUR,Stock,Supplier\nBlue widget,BW-1,12.50,300,ACME Ltd\n"
    "Red widget,RW-2,13.75,12,ACME Ltd\nSteel bolt M6,SB-6,0.12,15000,Weber KG\n",
    "series.csv": f"Year,Revenue,Profit,Employees\n{YEARS}\n",
    "headcount.csv": "Region,Country,Q1 2024,Q2 2024,Q3 2024\nEurope,Germany,120,125,130\n,France,80,82,85\n"
    "Asia,Japan,60,64,70\n,India,200,220,245\n",
}


@pytest.fixture(scope="module")
def index(tmp_path_factory) -> Index:
    folder = tmp_path_factory.mktemp("tables")
    for name, text in TABLES.items():
        (folder / name).write_text(text, encoding="utf-8")
    return build_index([result.memo for result in read_memos([folder]) if result.memo])


@pytest.mark.parametrize(
    ("question", "quote", "row", "column"),
    [
        ("What was the 2023 budget for travel?", "13,5", "Travel", "2023"),
        ("How much do we spend on personnel in 2024?", "470,1", "Personnel", "2024"),
        ("What is the total budget of 2022?", "536,0", "Total", "2022"),
        ("How much is the office rent in 2023?", "96,0", "Office rent", "2023"),
        ("What was the revenue in 2015?", "1185", "2015", "Revenue"),
        ("How many employees did we have in 2020?", "60", "2020", "Employees"),
        ("What was the profit of 2024?", "132", "2024", "Profit"),
        ("How many people worked in France in Q2 2024?", "82", "Europe, France", "Q2 2024"),
        ("What is the headcount of India in Q3 2024?", "245", "Asia, India", "Q3 2024"),
    ],
)
def test_a_figure_is_quoted_with_its_row_and_column(index, question, quote, row, column):
    best = answer(index, question).excerpts[0]
    assert (best.quote, best.citation.row, best.citation.column) == (quote, row, column)


@pytest.mark.parametrize(
    ("question", "words", "row"),
    [
        ("Who is our contact at ACME?", "Priya Shah", "ACME Ltd"),
        ("What are the payment terms of Nord AS?", "30 days", "Nord AS"),
        ("Since when do we work with Sud SARL?", "2020-02-20", "Sud SARL"),
        ("Who supplies servers?", "ACME Ltd", "ACME Ltd"),
        ("Who owns the vendor lock-in risk?", "Ann Lee", "R1"),
        ("How do we mitigate an outage of the data centre in Frankfurt?", "Dublin", "R3"),
        ("What is the likelihood that a key person leaves?", "medium", "R2"),
        ("Which risks does Bob Carter own?", "Key person", "R2"),
        ("What is the price of the red widget?", "13.75", "Red widget"),
        ("How many steel bolts are in stock?", "15000", "Steel bolt M6"),
        ("What is the SKU of the blue widget?", "BW-1", "Blue widget"),
    ],
)
def test_a_record_is_quoted_as_a_whole_with_its_name(index, question, words, row):
    best = answer(index, question).excerpts[0]
    assert words in best.quote
    assert best.citation.row == row
    assert best.citation.column.count(" | ") == best.quote.count("\n")


@pytest.mark.parametrize(
    "question", ["What is the marketing budget for 2023?", "Who is our contact at Siemens?"]
)
def test_what_no_table_holds_is_not_answered(index, question):
    assert answer(index, question).excerpts == ()


def in_terminal(reply: Reply) -> str:
    return reading.unstyled(terminal.answer(reply.answer, colour=True, width=100))


SURFACES = {
    "terminal": in_terminal,
    "slack": lambda reply: reading.slack_words(slack.message(reply, link)),
    "discord": lambda reply: reading.discord_words(discord.message(reply, link)),
}


@pytest.mark.parametrize("words", SURFACES.values(), ids=SURFACES)
def test_every_surface_says_the_row_and_the_column(index, words):
    figure = Reply(answer_id="1", answer=answer(index, "What was the 2023 budget for travel?"))
    assert 'row "Travel", column "2023"' in words(figure)
    record = Reply(answer_id="2", answer=answer(index, "What is the price of the red widget?"))
    said = " ".join(words(record).split())
    assert 'row "Red widget", column "Product | SKU | Price EUR | Stock | Supplier"' in said
