/* The words of a text, and the terms that are known of each: the loop of retrieval/analysis/__init__.py that is too slow
   in Python. It reads letters and digits of ASCII, and the punctuation of running text. Python is asked for the pieces
   of a word, and of a stretch between spaces that holds anything else, once. What a word is stands in
   retrieval/analysis/tokens.py; a property test says that both find the same. */

#define VERSION 3 /* another one whenever what is offered here changes: retrieval/compiled.py */
#define PY_SSIZE_T_CLEAN
#define Py_LIMITED_API 0x030b0000
#include <Python.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

enum { SPACE = 0, LETTER = 1, DIGIT = 2, APOSTROPHE = 4, HYPHEN = 8, DOT = 16, COMMA = 32, WORD = LETTER | DIGIT };

#define MEMORY_NAME "retrieval._words.memory"
#define MOST_KNOWN 200000    /* words that are remembered */
#define LONGEST_KNOWN 64     /* bytes of one */
#define FIRST_ROOM 16384     /* places for some thousand questions' words; what is not used takes no memory */
#define MOST_PIECES 8        /* ... and its pieces; a stretch with more comes once */
#define MOST_NUMBERED 1000000
#define FURTHEST 64          /* places that are looked at for a word: words made to collide gain nothing */
#define MOST_NUMBER_PARTS 31
#define MOST_APOSTROPHES 15

static uint8_t kinds[128];

/* The kind of the character at `at`, and how many bytes it takes; -1 for one that is left to Python. */
static int kind_at(const unsigned char *text, Py_ssize_t at, Py_ssize_t end, int *bytes) {
    if (at >= end) { *bytes = 1; return SPACE; }
    unsigned char c = text[at];
    if (c < 0x80) { *bytes = 1; return kinds[c]; }
    if (c == 0xC2) { /* U+0080 to U+00BF: no letters, no fractions, no raised digits */
        unsigned char d = text[at + 1];
        *bytes = 2;
        int plain = (d >= 0xA0 && d <= 0xA9) || (d >= 0xAB && d <= 0xB1) || d == 0xB4 || (d >= 0xB6 && d <= 0xB8) ||
                    d == 0xBB || d == 0xBF;
        return plain ? SPACE : -1;
    }
    if (c == 0xE2 && text[at + 1] == 0x80) { /* U+2010 to U+2027, U+2030 to U+203E */
        unsigned char d = text[at + 2];
        *bytes = 3;
        if (d == 0x99) return APOSTROPHE;
        if (d == 0x90 || d == 0x91) return HYPHEN;
        return (d > 0x91 && d <= 0xA7) || (d >= 0xB0 && d <= 0xBE) ? SPACE : -1;
    }
    if (c == 0xE2 && text[at + 1] == 0x82 && text[at + 2] == 0xAC) { *bytes = 3; return SPACE; } /* the euro sign */
    return -1;
}

static Py_ssize_t run(const unsigned char *text, Py_ssize_t at, Py_ssize_t end, int kind) {
    while (at < end && text[at] < 0x80 && (kinds[text[at]] & kind)) at++;
    return at;
}

static int is(const unsigned char *text, Py_ssize_t at, Py_ssize_t end, int kind) {
    return at < end && text[at] < 0x80 && (kinds[text[at]] & kind);
}

/* "U.S.", "U.S": at least two letters with a dot each, not inside a word. 0 where there is none. */
static Py_ssize_t acronym(const unsigned char *text, Py_ssize_t at, Py_ssize_t end) {
    if (at && is(text, at - 1, end, WORD)) return 0;
    Py_ssize_t stop = at;
    while (is(text, stop, end, LETTER) && is(text, stop + 1, end, DOT)) stop += 2;
    if (stop < at + 4) return 0;
    return is(text, stop, end, LETTER) && !is(text, stop + 1, end, WORD) ? stop + 1 : stop;
}

static Py_ssize_t number(const unsigned char *text, Py_ssize_t at, Py_ssize_t end) {
    Py_ssize_t stop = run(text, at, end, DIGIT);
    if (stop == at) return 0;
    for (int part = 0; part < MOST_NUMBER_PARTS && is(text, stop, end, DOT | COMMA) && is(text, stop + 1, end, DIGIT); part++)
        stop = run(text, stop + 1, end, DIGIT);
    return is(text, stop, end, WORD) ? 0 : stop;
}

/* Letters, with apostrophes between them; `wider` grows by what these take beyond a byte. */
static Py_ssize_t plain(const unsigned char *text, Py_ssize_t at, Py_ssize_t end, Py_ssize_t *wider) {
    Py_ssize_t stop = run(text, at, end, LETTER), more = 0;
    if (stop == at) return 0;
    for (int part = 0; part < MOST_APOSTROPHES; part++) {
        int bytes;
        if (kind_at(text, stop, end, &bytes) != APOSTROPHE || !is(text, stop + bytes, end, LETTER)) break;
        more += bytes - 1;
        stop = run(text, stop + bytes, end, LETTER);
    }
    if (is(text, stop, end, DIGIT)) return 0;
    *wider += more;
    return stop;
}

/* Whether the word before a hyphen is one of `prefixes`; -1 with an error set. */
static int is_prefix(const unsigned char *word, Py_ssize_t length, PyObject *prefixes) {
    if (length > 2 && (word[length - 1] | 32) == 's') { /* "re's" is "re" */
        if (word[length - 2] == '\'') length -= 2;
        else if (length > 4 && !memcmp(word + length - 4, "\xE2\x80\x99", 3)) length -= 4;
    }
    char lower[16];
    if (length > (Py_ssize_t)sizeof lower) return 0;
    for (Py_ssize_t i = 0; i < length; i++) lower[i] = (char)(word[i] >= 'A' && word[i] <= 'Z' ? word[i] + 32 : word[i]);
    PyObject *written = PyUnicode_DecodeUTF8(lower, length, "replace");
    if (!written) return -1;
    int found = PySet_Contains(prefixes, written);
    Py_DECREF(written);
    return found;
}

/* -- words that are known, and what they are: an open hash table of their bytes ----------------------------------- */

typedef struct {
    PyObject *pieces;
    int32_t first;            /* number of the first piece in the register; the others follow */
    uint8_t length;
    char word[LONGEST_KNOWN];
} Known;

typedef struct { uint32_t tag, known; } Place; /* a hash, never 0 where the place is taken, and whose it is */

typedef struct {
    PyObject *numbered;       /* a list: every piece of a known word, by its number */
    Place *places;
    Known *known;
    size_t room, count;       /* of places, a power of two; of known words */
} Memory;

static void free_memory(PyObject *capsule) {
    Memory *memory = PyCapsule_GetPointer(capsule, MEMORY_NAME);
    if (!memory) { PyErr_Clear(); return; }
    for (size_t i = 0; i < memory->count; i++) Py_DECREF(memory->known[i].pieces);
    Py_XDECREF(memory->numbered);
    free(memory->places);
    free(memory->known);
    free(memory);
}

/* numbered (a list) -> a memory that puts the pieces of its words there. */
static PyObject *make_memory(PyObject *self, PyObject *numbered) {
    (void)self;
    if (!PyList_Check(numbered)) { PyErr_SetString(PyExc_TypeError, "a list for the pieces is needed"); return NULL; }
    Memory *memory = calloc(1, sizeof *memory);
    PyObject *capsule = memory ? PyCapsule_New(memory, MEMORY_NAME, free_memory) : PyErr_NoMemory();
    if (!capsule) { free(memory); return NULL; }
    memory->numbered = Py_NewRef(numbered);
    return capsule;
}

static uint32_t tag_of(const unsigned char *word, Py_ssize_t length) { /* FNV-1a, its halves folded */
    uint64_t hash = 14695981039346656037u;
    for (Py_ssize_t i = 0; i < length; i++) hash = (hash ^ word[i]) * 1099511628211u;
    return (uint32_t)(hash ^ hash >> 32) | 1u << 31;
}

/* Where a word stands, or the free place where it would; NULL where there is none near. */
static Place *place_of(const Memory *memory, uint32_t tag, const unsigned char *word, Py_ssize_t length) {
    size_t at = tag & (memory->room - 1);
    for (int step = 0; step < FURTHEST; step++, at = (at + 1) & (memory->room - 1)) {
        Place *place = &memory->places[at];
        if (!place->tag) return place;
        if (place->tag != tag) continue;
        const Known *known = &memory->known[place->known];
        if (known->length == length && !memcmp(known->word, word, (size_t)length)) return place;
    }
    return NULL;
}

static const Known *find(const Memory *memory, uint32_t tag, const unsigned char *word, Py_ssize_t length) {
    if (!memory->room || length > LONGEST_KNOWN) return NULL;
    const Place *place = place_of(memory, tag, word, length);
    return place && place->tag ? &memory->known[place->known] : NULL;
}

/* Room for another word: at least a third of the places is always free. 0 where there is none, and nothing changes. */
static int grow(Memory *memory) {
    if (memory->room && memory->count * 3 < memory->room * 2) return 1;
    if (memory->count >= MOST_KNOWN) return 0;
    size_t room = memory->room ? 2 * memory->room : FIRST_ROOM;
    Known *known = realloc(memory->known, (room * 2 / 3 + 1) * sizeof *known);
    if (!known) return 0;
    memory->known = known;
    Place *places = calloc(room, sizeof *places), *before = memory->places;
    if (!places) return 0;
    size_t had = memory->room;
    memory->places = places;
    memory->room = room;
    for (size_t i = 0; i < had; i++) {
        if (!before[i].tag) continue;
        size_t at = before[i].tag & (room - 1);
        while (places[at].tag) at = (at + 1) & (room - 1);
        places[at] = before[i];
    }
    free(before);
    return 1;
}

/* Put the pieces of a word in the list; their first number, or -1 where another thread was quicker, or with an error. */
static Py_ssize_t put_down(PyObject *numbered, PyObject *pieces) {
    Py_ssize_t first = PyList_Size(numbered), count = PyTuple_Size(pieces);
    for (Py_ssize_t i = 0; first >= 0 && i < count; i++) {
        PyObject *piece = PyTuple_GetItem(pieces, i);
        if (!piece || PyList_Append(numbered, piece) < 0) return -1;
    }
    if (first < 0 || first + count > INT32_MAX) return -1;
    for (Py_ssize_t i = 0; i < count; i++)
        if (PyList_GetItem(numbered, first + i) != PyTuple_GetItem(pieces, i)) return -1;
    return first;
}

/* The free place for a word that is not known; NULL where it is, or where there is no room. */
static Place *free_place(Memory *memory, uint32_t tag, const unsigned char *word, Py_ssize_t length) {
    if (length > LONGEST_KNOWN || memory->count >= MOST_KNOWN || !grow(memory)) return NULL;
    Place *place = place_of(memory, tag, word, length);
    return place && !place->tag ? place : NULL;
}

/* Remember a word with its pieces; where there is no room it is not. 0 with an error set. */
static int remember(Memory *memory, uint32_t tag, const unsigned char *word, Py_ssize_t length, PyObject *pieces) {
    if (PyTuple_Size(pieces) > MOST_PIECES || PyList_Size(memory->numbered) > MOST_NUMBERED) return 1;
    if (!free_place(memory, tag, word, length)) return 1;
    Py_ssize_t first = put_down(memory->numbered, pieces);
    if (first < 0) return !PyErr_Occurred();
    /* from here on nothing of Python's is called: what is known stays where it is */
    Place *place = free_place(memory, tag, word, length);
    if (!place) return 1;
    Known *known = &memory->known[memory->count];
    known->pieces = Py_NewRef(pieces);
    known->first = (int32_t)first;
    known->length = (uint8_t)length;
    memcpy(known->word, word, (size_t)length);
    *place = (Place){tag, (uint32_t)memory->count++};
    return 1;
}

/* What a word that is not known is, as a reference of one's own; it is known from now on, where there is room. */
static PyObject *asked_for(Memory *memory, PyObject *unknown, uint32_t tag, const unsigned char *word, Py_ssize_t length) {
    PyObject *written = PyUnicode_DecodeUTF8((const char *)word, length, NULL);
    PyObject *pieces = written ? PyObject_CallFunctionObjArgs(unknown, written, NULL) : NULL;
    Py_XDECREF(written);
    if (pieces && (PyTuple_Size(pieces) < 0 || !remember(memory, tag, word, length, pieces))) Py_CLEAR(pieces);
    return pieces;
}

/* -- what is found in a text ----------------------------------------------------------------------------------- */

typedef struct {
    PyObject *pieces, *starts; /* lists: the pieces, and where they begin; or none */
    int32_t *numbers;          /* else their numbers */
    size_t count, room;        /* of pieces or numbers; of numbers */
} Found;

enum { FAILED = 0, ADDED = 1, LEFT = 2 }; /* LEFT: a word that has no number */

static int add_numbers(Found *found, const Known *known) {
    size_t count = (size_t)PyTuple_Size(known->pieces);
    if (found->count + count > found->room) {
        size_t room = 2 * (found->count + count) + 64;
        int32_t *wider = realloc(found->numbers, room * sizeof *wider);
        if (!wider) { PyErr_NoMemory(); return FAILED; }
        found->numbers = wider;
        found->room = room;
    }
    for (size_t i = 0; i < count; i++) found->numbers[found->count++] = known->first + (int32_t)i;
    return ADDED;
}

static int add_pieces(Found *found, PyObject *pieces, Py_ssize_t start) {
    Py_ssize_t count = PyTuple_Size(pieces);
    for (Py_ssize_t i = 0; i < count; i++) {
        PyObject *piece = PyTuple_GetItem(pieces, i);
        if (!piece || PyList_Append(found->pieces, piece) < 0) return FAILED;
        found->count++;
        if (!found->starts) continue;
        PyObject *at = PyTuple_GetItem(piece, 2);
        Py_ssize_t inside = at ? PyLong_AsSsize_t(at) : -1;
        if (inside < 0) {
            if (!PyErr_Occurred()) PyErr_SetString(PyExc_ValueError, "a piece that begins before its word");
            return FAILED;
        }
        PyObject *place = PyLong_FromSsize_t(start + inside);
        int failed = !place || PyList_Append(found->starts, place) < 0;
        Py_XDECREF(place);
        if (failed) return FAILED;
    }
    return ADDED;
}

/* Forget all but the first `count` of what was found; 0 with an error set. */
static int cut(Found *found, size_t count) {
    if (found->pieces && found->count > count) {
        Py_ssize_t from = (Py_ssize_t)count, to = (Py_ssize_t)found->count;
        if (PyList_SetSlice(found->pieces, from, to, NULL) < 0) return 0;
        if (found->starts && PyList_SetSlice(found->starts, from, to, NULL) < 0) return 0;
    }
    found->count = count;
    return 1;
}

/* Put the pieces of a word, or their numbers, after those found so far. */
static int add(Found *found, Memory *memory, PyObject *unknown, const unsigned char *word, Py_ssize_t length,
               Py_ssize_t start) {
    uint32_t tag = tag_of(word, length);
    const Known *known = find(memory, tag, word, length);
    if (known && found->pieces) { /* as a reference of one's own: what is known may move */
        PyObject *pieces = Py_NewRef(known->pieces);
        int added = add_pieces(found, pieces, start);
        Py_DECREF(pieces);
        return added;
    }
    if (!known && !found->pieces && !free_place(memory, tag, word, length)) return LEFT;
    if (!known) {
        PyObject *pieces = asked_for(memory, unknown, tag, word, length);
        if (!pieces) return FAILED;
        int added = found->pieces ? add_pieces(found, pieces, start) : ADDED;
        Py_DECREF(pieces);
        if (found->pieces) return added;
        known = find(memory, tag, word, length);
        if (!known) return LEFT;
    }
    return add_numbers(found, known);
}

/* What a text is read with. */
typedef struct {
    Memory *words, *both;                /* of words, and of those that are joined by a hyphen ("re-election") */
    PyObject *unknown, *both_unknown;    /* what to call for others: word -> tuple of pieces */
    PyObject *prefixes;                  /* a set of those that join */
} Reading;

static int is_blank(unsigned char c) { return c == ' ' || c == '\n' || c == '\t' || c == '\r'; }

/* Where a stretch without spaces that begins at `at` ends; `wider` grows by what its characters take beyond a byte. */
static Py_ssize_t stretch(const unsigned char *text, Py_ssize_t at, Py_ssize_t end, Py_ssize_t *wider) {
    for (; at < end && !is_blank(text[at]); at++) *wider += (text[at] & 0xC0) == 0x80;
    return at;
}

/* Read a text; LEFT where it holds a word that has no number. */
static int read_text(const Reading *with, const unsigned char *text, Py_ssize_t end, Found *found) {
    Py_ssize_t at = 0, wider = 0;
    Py_ssize_t begin = 0, begin_wider = 0; /* of the stretch between spaces, and what was found before it */
    size_t had = 0;
    Py_ssize_t before = -1, before_start = 0, after_hyphen = -1; /* a prefix, and where what it joins would begin */
    while (at < end) {
        int bytes, kind = kind_at(text, at, end, &bytes);
        if (kind < 0) { /* Python knows such characters: the whole stretch is a word to it */
            wider = begin_wider;
            at = stretch(text, begin, end, &wider);
            if (!cut(found, had)) return FAILED;
            int added = add(found, with->words, with->unknown, text + begin, at - begin, begin - begin_wider);
            if (added != ADDED) return added;
            after_hyphen = -1;
            continue;
        }
        if (!(kind & WORD)) {
            int blank = is_blank(text[at]);
            at += bytes;
            wider += bytes - 1;
            if (blank) { begin = at; begin_wider = wider; had = found->count; }
            continue;
        }
        Py_ssize_t start = at - wider, stop = acronym(text, at, end);
        int whole = 0;
        if (!stop) stop = number(text, at, end);
        if (!stop) { stop = plain(text, at, end, &wider); whole = stop > 0; }
        if (!stop) stop = run(text, at, end, WORD);
        int added = add(found, with->words, with->unknown, text + at, stop - at, start);
        if (added == ADDED && whole && after_hyphen == at)
            added = add(found, with->both, with->both_unknown, text + before, stop - before, before_start);
        if (added != ADDED) return added;
        after_hyphen = -1;
        if (whole && kind_at(text, stop, end, &bytes) == HYPHEN) {
            int joins = is_prefix(text + at, stop - at, with->prefixes);
            if (joins < 0) return FAILED;
            if (joins) { before = at; before_start = start; after_hyphen = stop + bytes; }
        }
        at = stop;
    }
    return ADDED;
}

/* The bytes of a text; none with an error set, or without one for half of a surrogate pair. */
static const unsigned char *bytes_of(PyObject *given, Py_ssize_t *end) {
    const unsigned char *text = (const unsigned char *)PyUnicode_AsUTF8AndSize(given, end);
    if (!text && PyErr_ExceptionMatches(PyExc_UnicodeError)) PyErr_Clear();
    return text;
}

static int understand(PyObject *known, PyObject *both_known, Reading *with) {
    with->words = PyCapsule_GetPointer(known, MEMORY_NAME);
    with->both = with->words ? PyCapsule_GetPointer(both_known, MEMORY_NAME) : NULL;
    return with->both != NULL;
}

/* text, the memory of words and what to call for others, the same for joined words, prefixes, starts (a list or None)
   -> the list of pieces, or None. A piece is a tuple whose third item is where in the word it begins. */
static PyObject *pieces(PyObject *self, PyObject *args) {
    (void)self;
    PyObject *given, *known, *both_known, *starts;
    Reading with;
    if (!PyArg_ParseTuple(args, "UOOOOOO", &given, &known, &with.unknown, &both_known, &with.both_unknown, &with.prefixes,
                          &starts)) return NULL;
    if (!understand(known, both_known, &with)) return NULL;
    Py_ssize_t end;
    const unsigned char *text = bytes_of(given, &end);
    if (!text) return PyErr_Occurred() ? NULL : Py_NewRef(Py_None);
    Found found = {.pieces = PyList_New(0), .starts = starts == Py_None ? NULL : starts};
    int read = found.pieces ? read_text(&with, text, end, &found) : FAILED;
    if (read == ADDED) return found.pieces;
    Py_XDECREF(found.pieces);
    return read == LEFT ? Py_NewRef(Py_None) : NULL;
}

/* The same without starts -> the numbers of the pieces (bytes, of 32-bit integers), or None: also for a text with a
   word that the memory has no room for. */
static PyObject *numbers(PyObject *self, PyObject *args) {
    (void)self;
    PyObject *given, *known, *both_known, *answer = NULL;
    Reading with;
    if (!PyArg_ParseTuple(args, "UOOOOO", &given, &known, &with.unknown, &both_known, &with.both_unknown, &with.prefixes))
        return NULL;
    if (!understand(known, both_known, &with)) return NULL;
    Py_ssize_t end;
    const unsigned char *text = bytes_of(given, &end);
    if (!text) return PyErr_Occurred() ? NULL : Py_NewRef(Py_None);
    Found found = {0};
    int read = read_text(&with, text, end, &found);
    if (read == ADDED) answer = PyBytes_FromStringAndSize((const char *)found.numbers, (Py_ssize_t)(found.count * sizeof(int32_t)));
    else if (read == LEFT) answer = Py_NewRef(Py_None);
    free(found.numbers);
    return answer;
}

static PyMethodDef methods[] = {
    {"memory", make_memory, METH_O, NULL},
    {"pieces", pieces, METH_VARARGS, NULL},
    {"numbers", numbers, METH_VARARGS, NULL},
    {NULL, NULL, 0, NULL},
};

static int set_up(PyObject *module) { return PyModule_AddIntConstant(module, "VERSION", VERSION); }

static PyModuleDef_Slot slots[] = {{Py_mod_exec, set_up}, {0, NULL}};

static struct PyModuleDef module = {PyModuleDef_HEAD_INIT, "_words", NULL, 0, methods, slots, NULL, NULL, NULL};

PyMODINIT_FUNC PyInit__words(void) {
    for (int c = 'a'; c <= 'z'; c++) kinds[c] = kinds[c - 32] = LETTER;
    for (int c = '0'; c <= '9'; c++) kinds[c] = DIGIT;
    kinds['\''] = APOSTROPHE;
    kinds['-'] = HYPHEN;
    kinds['.'] = DOT;
    kinds[','] = COMMA;
    return PyModuleDef_Init(&module);
}
