"""Is a text's language found, and are its words found the way a reader of that language would?"""

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from retrieval import Memo, build_index
from retrieval.analysis import analyzer, language
from retrieval.analysis.compounds import parts
from retrieval.analysis.folding import fold
from retrieval.analysis.frequency import rarity
from retrieval.analysis.language import UNDECIDED, Tally, detect, two_letters
from retrieval.analysis.words import languages_with_stop_words, stop_words

# Article 1 of the Universal Declaration of Human Rights, its first sentence or two.
DECLARATION = {
    "ar": "يولد جميع الناس أحراراً متساوين في الكرامة والحقوق، وقد وهبوا عقلاً وضميراً وعليهم أن يعامل بعضهم بعضاً بروح الإخاء.",
    "bg": "Всички хора се раждат свободни и равни по достойнство и права. Те са надарени с разум и съвест и следва да се отнасят помежду си в дух на братство.",
    "cs": "Všichni lidé rodí se svobodní a sobě rovní co do důstojnosti a práv. Jsou nadáni rozumem a svědomím a mají spolu jednat v duchu bratrství.",
    "da": "Alle mennesker er født frie og lige i værdighed og rettigheder. De er udstyret med fornuft og samvittighed, og de bør handle mod hverandre i en broderskabets ånd.",
    "de": "Alle Menschen sind frei und gleich an Würde und Rechten geboren. Sie sind mit Vernunft und Gewissen begabt und sollen einander im Geist der Brüderlichkeit begegnen.",
    "el": "Όλοι οι άνθρωποι γεννιούνται ελεύθεροι και ίσοι στην αξιοπρέπεια και τα δικαιώματα.",
    "en": "All human beings are born free and equal in dignity and rights. They are endowed with reason and conscience and should act towards one another in a spirit of brotherhood.",
    "es": "Todos los seres humanos nacen libres e iguales en dignidad y derechos y, dotados como están de razón y conciencia, deben comportarse fraternalmente los unos con los otros.",
    "fi": "Kaikki ihmiset syntyvät vapaina ja tasavertaisina arvoltaan ja oikeuksiltaan. Heille on annettu järki ja omatunto, ja heidän on toimittava toisiaan kohtaan veljeyden hengessä.",
    "fr": "Tous les êtres humains naissent libres et égaux en dignité et en droits. Ils sont doués de raison et de conscience et doivent agir les uns envers les autres dans un esprit de fraternité.",
    "he": "כל בני האדם נולדו בני חורין ושווים בערכם ובזכויותיהם.",
    "hi": "सभी मनुष्यों को गौरव और अधिकारों के मामले में जन्मजात स्वतन्त्रता और समानता प्राप्त है।",
    "hu": "Minden emberi lény szabadon születik és egyenlő méltósága és joga van. Az emberek, ésszel és lelkiismerettel bírván, egymással szemben testvéri szellemben kell hogy viseltessenek.",
    "it": "Tutti gli esseri umani nascono liberi ed eguali in dignità e diritti. Essi sono dotati di ragione e di coscienza e devono agire gli uni verso gli altri in spirito di fratellanza.",
    "ja": "すべての人間は、生まれながらにして自由であり、かつ、尊厳と権利とについて平等である。",
    "ko": "모든 인간은 태어날 때부터 자유로우며 그 존엄과 권리에 있어 동등하다.",
    "nl": "Alle mensen worden vrij en gelijk in waardigheid en rechten geboren. Zij zijn begiftigd met verstand en geweten, en behoren zich jegens elkander in een geest van broederschap te gedragen.",
    "pl": "Wszyscy ludzie rodzą się wolni i równi pod względem swej godności i swych praw. Są oni obdarzeni rozumem i sumieniem i powinni postępować wobec innych w duchu braterstwa.",
    "pt": "Todos os seres humanos nascem livres e iguais em dignidade e em direitos. Dotados de razão e de consciência, devem agir uns para com os outros em espírito de fraternidade.",
    "ro": "Toate ființele umane se nasc libere și egale în demnitate și în drepturi. Ele sunt înzestrate cu rațiune și conștiință și trebuie să se comporte unele față de altele în spiritul fraternității.",
    "ru": "Все люди рождаются свободными и равными в своем достоинстве и правах. Они наделены разумом и совестью и должны поступать в отношении друг друга в духе братства.",
    "sv": "Alla människor är födda fria och lika i värde och rättigheter. De har utrustats med förnuft och samvete och bör handla gentemot varandra i en anda av gemenskap.",
    "th": "มนุษย์ทั้งหลายเกิดมามีอิสระและเสมอภาคกันในเกียรติศักดิ์และสิทธิ",
    "tr": "Bütün insanlar hür, haysiyet ve haklar bakımından eşit doğarlar. Akıl ve vicdana sahiptirler ve birbirlerine karşı kardeşlik zihniyeti ile hareket etmelidirler.",
    "uk": "Всі люди народжуються вільними і рівними у своїй гідності та правах. Вони наділені розумом і совістю і повинні діяти у відношенні один до одного в дусі братерства.",
    "vi": "Tất cả mọi người sinh ra đều được tự do và bình đẳng về nhân phẩm và quyền lợi. Mọi con người đều được tạo hoá ban cho lý trí và lương tâm.",
    "zh": "人人生而自由，在尊严和权利上一律平等。他们赋有理性和良心，并应以兄弟关系的精神相对待。",
}


def terms(text: str, language: str) -> list[str]:
    return [term.term for term in analyzer(language).terms(text)]


@pytest.mark.parametrize("language", DECLARATION)
def test_a_paragraph_tells_its_language(language):
    assert detect(DECLARATION[language]) == language


@pytest.mark.parametrize("text", ["", "12 %", "Tesla Motors", "NATO 2024: AUKUS", "x = y + z", "a b c d e f"])
def test_a_text_of_few_words_tells_nothing(text):
    assert detect(text) == UNDECIDED


def test_a_foreign_quotation_does_not_change_the_language():
    assert detect(f"{DECLARATION['en']} As he said: “là où il y a des hommes”. {DECLARATION['en']}") == "en"
    assert detect(f"{DECLARATION['zh']} IT部 (World Health Organization) {DECLARATION['zh']}") == "zh"


def settled(told, texts):
    """The languages that texts are taken to be in, each naming its own or none."""
    tally, found = (
        Tally(),
        [two_letters(own) if own else detect(text) for own, text in zip(told, texts, strict=True)],
    )
    for own, text in zip(told, texts, strict=True):
        tally.count(own, detect(text), len(text))
    return [tally.languages()[code] for code in found]


def test_a_text_that_tells_nothing_is_taken_for_what_most_of_the_others_are():
    texts = [DECLARATION["de"], "Tesla 2024", DECLARATION["de"], DECLARATION["fr"]]
    assert settled([None] * 4, texts) == ["de", "de", "de", "fr"]
    assert settled([None], ["Tesla 2024"]) == ["en"]


def test_a_stray_page_in_another_language_does_not_count_unless_it_names_it():
    texts = [DECLARATION["en"]] * 20 + [DECLARATION["fr"]]
    assert set(settled([None] * 21, texts)) == {"en"}
    assert settled([None] * 20 + ["fr"], texts)[-1] == "fr"


def test_a_memo_that_names_its_language_has_it():
    assert settled(["nl-BE", None], [DECLARATION["de"], DECLARATION["de"]]) == ["nl", "de"]
    index = build_index([Memo(id="a", title="", text=DECLARATION["de"], language="sv")])
    assert index.languages == ("sv",)


def test_an_index_knows_the_languages_of_its_memos():
    index = build_index(Memo(id=code, title="", text=DECLARATION[code]) for code in ("de", "zh", "ru"))
    assert index.languages == ("de", "ru", "zh")


@given(st.text())
def test_any_text_has_a_language_or_none(text):
    found = detect(text)
    assert found == detect(text)
    assert found == UNDECIDED or (len(found) == 2 and found.isalpha())


@pytest.mark.parametrize(
    ("language", "written", "asked"),
    [
        ("es", "¿Cuántas regiones, según él?", "cuantas regiones segun el"),
        ("fr", "l'élève d’une école", "eleve ecole"),
        ("it", "nell'università", "universita"),
        ("ru", "полёт", "полет"),
        ("en", "Beyoncé's résumé", "Beyonce resume"),
        ("de", "Straße", "Strasse"),
        ("de", "Studentengruppe", "Gruppe Studenten"),
    ],
)
def test_accents_and_spellings_do_not_matter(language, written, asked):
    assert sorted(terms(written, language)) == sorted(terms(asked, language))


def test_a_question_without_accents_finds_what_is_written_with_them():
    texts = [
        "La emperatriz Sofía nació en Viena.",
        "La emperatriz Elena viajó a Viena.",
        "El general vivió en Praga.",
    ]
    index = build_index(Memo(id=text[:20], title="", text=text, language="es") for text in texts)
    assert index.search("donde nacio la emperatriz sofia", 1)[0].passage.memo_id == texts[0][:20]


@pytest.mark.parametrize(
    ("language", "word", "expected"),
    [
        ("de", "wirtschaftswachstum", ["wirtschaft", "wachstum"]),
        ("de", "studentengruppe", ["studenten", "gruppe"]),
        ("de", "gesellschaft", []),
        ("de", "deutschland", []),
        ("nl", "regeringsleider", ["regering", "leider"]),
        ("sv", "regeringschef", ["regering", "chef"]),
        ("en", "framework", []),
    ],
)
def test_a_compound_is_cut_into_words(language, word, expected):
    assert [word[a:b] for a, b in parts(word, language, stop_words(language))] == expected


@given(st.text(), st.sampled_from(["de", "fr", "it", "zh", "ru", "vi", "fi"]))
def test_every_term_says_where_it_stands(text, language):
    found = list(analyzer(language).terms(text))
    assert all(0 <= start < end <= len(text) for _, start, end in found)
    assert all(a.start <= b.start or a.end > b.start for a, b in itertools.pairwise(found))


@given(st.text())
def test_a_word_without_accents_has_none_to_lose(text):
    assert fold(fold(text)) == fold(text)


@pytest.mark.parametrize("language", languages_with_stop_words())
def test_stop_words_are_written_as_the_words_of_a_text_are(language):
    listed = stop_words(language)
    assert listed
    assert all(word == word.lower() for word in listed)


def test_a_common_word_is_common_without_its_accents():
    assert rarity("tambien", "es") == rarity("también", "es") < rarity("qqq", "es")
    assert rarity("ikke", "no") < 2


def test_chinese_questions_ask_without_the_words_for_asking():
    assert "什么" not in terms("栉水母是什么？", "zh")
    assert {"水母", "栉"} <= set(terms("栉水母是什么？", "zh"))


@given(st.text(st.characters(max_codepoint=0x17F), max_size=40))
def test_words_of_ascii_are_found_as_those_of_any_text(text):
    assert language._words(text.lower()) == language._WORD.findall(text.lower())
