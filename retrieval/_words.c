/* The words of a text, and the terms that are known of each: the loop of retrieval/analysis/__init__.py that is too slow
   in Python. It reads letters and digits of ASCII, and the punctuation of running text. For a text with anything else
   it gives None, and Python reads it. What a word is stands
   in retrieval/analysis/tokens.py; a property test says that both find the same. */

#define VERSION 2 /* another one whenever what is offered here changes: retrieval/compiled.py */
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
    uint64_t hash;
    PyObject *pieces;         /* none: a free place */
    uint8_t length;
    char word[LONGEST_KNOWN];
} Known;

typedef struct { Known *places; size_t room, count; } Memory;

static void free_memory(PyObject *capsule) {
    Memory *memory = PyCapsule_GetPointer(capsule, MEMORY_NAME);
    if (!memory) { PyErr_Clear(); return; }
    for (size_t i = 0; i < memory->room; i++) Py_XDECREF(memory->places[i].pieces);
    free(memory->places);
    free(memory);
}

static PyObject *make_memory(PyObject *self, PyObject *args) {
    (void)self;
    (void)args;
    Memory *memory = calloc(1, sizeof *memory);
    PyObject *capsule = memory ? PyCapsule_New(memory, MEMORY_NAME, free_memory) : PyErr_NoMemory();
    if (!capsule) free(memory);
    return capsule;
}

static uint64_t hash_of(const unsigned char *word, Py_ssize_t length) { /* FNV-1a */
    uint64_t hash = 14695981039346656037u;
    for (Py_ssize_t i = 0; i < length; i++) hash = (hash ^ word[i]) * 1099511628211u;
    return hash;
}

/* Where a word stands, or the free place where it would. */
static Known *place_of(const Memory *memory, uint64_t hash, const unsigned char *word, Py_ssize_t length) {
    for (size_t at = hash & (memory->room - 1);; at = (at + 1) & (memory->room - 1)) {
        Known *place = &memory->places[at];
        if (!place->pieces) return place;
        if (place->hash == hash && place->length == length && !memcmp(place->word, word, (size_t)length)) return place;
    }
}

/* Twice the room; without memory for it, it stays as it is. At least a third of the places is always free. */
static int grow(Memory *memory) {
    if (memory->room && memory->count * 3 < memory->room * 2) return 1;
    if (memory->count >= MOST_KNOWN) return 0;
    Memory wider = {.room = memory->room ? 2 * memory->room : 1024, .count = memory->count};
    wider.places = calloc(wider.room, sizeof *wider.places);
    if (!wider.places) return 0;
    for (size_t i = 0; i < memory->room; i++) {
        Known *known = &memory->places[i];
        if (known->pieces) *place_of(&wider, known->hash, (const unsigned char *)known->word, known->length) = *known;
    }
    free(memory->places);
    *memory = wider;
    return 1;
}

/* What a word is, as a reference of one's own: remembered, or asked for. */
static PyObject *pieces_of(Memory *memory, PyObject *unknown, const unsigned char *word, Py_ssize_t length) {
    uint64_t hash = hash_of(word, length);
    if (memory->room && length <= LONGEST_KNOWN) {
        Known *place = place_of(memory, hash, word, length);
        if (place->pieces) return Py_NewRef(place->pieces);
    }
    PyObject *written = PyUnicode_DecodeUTF8((const char *)word, length, NULL);
    PyObject *pieces = written ? PyObject_CallFunctionObjArgs(unknown, written, NULL) : NULL;
    Py_XDECREF(written);
    if (pieces && PyTuple_Size(pieces) < 0) Py_CLEAR(pieces);
    if (pieces && length <= LONGEST_KNOWN && memory->count < MOST_KNOWN && grow(memory)) {
        Known *place = place_of(memory, hash, word, length); /* the call may have remembered it meanwhile */
        if (!place->pieces) {
            place->hash = hash;
            place->length = (uint8_t)length;
            memcpy(place->word, word, (size_t)length);
            place->pieces = Py_NewRef(pieces);
            memory->count++;
        }
    }
    return pieces;
}

/* Put the terms of a word after those found so far; 0 with an error set. */
static int add(PyObject *found, PyObject *starts, Memory *memory, PyObject *unknown, const unsigned char *word,
               Py_ssize_t length, Py_ssize_t start) {
    int added = 0;
    PyObject *pieces = pieces_of(memory, unknown, word, length);
    if (!pieces) return 0;
    Py_ssize_t count = PyTuple_Size(pieces);
    for (Py_ssize_t i = 0; i < count; i++) {
        PyObject *piece = PyTuple_GetItem(pieces, i);
        if (!piece || PyList_Append(found, piece) < 0) goto done;
        if (starts) {
            PyObject *at = PyTuple_GetItem(piece, 2);
            Py_ssize_t inside = at ? PyLong_AsSsize_t(at) : -1;
            if (inside < 0) {
                if (!PyErr_Occurred()) PyErr_SetString(PyExc_ValueError, "a piece that begins before its word");
                goto done;
            }
            PyObject *place = PyLong_FromSsize_t(start + inside);
            int failed = !place || PyList_Append(starts, place) < 0;
            Py_XDECREF(place);
            if (failed) goto done;
        }
    }
    added = 1;
done:
    Py_DECREF(pieces);
    return added;
}

/* text, a memory of words and what to call for others (word -> tuple of pieces), the same for words that are joined by
   a hyphen ("re-election"), prefixes (a set) that join, starts (a list or None) -> the list of pieces, or
   None. A piece is a tuple whose third item is where in the word it begins. */
static PyObject *pieces(PyObject *self, PyObject *args) {
    (void)self;
    PyObject *given, *known, *unknown, *both_known, *both_unknown, *prefixes, *starts;
    if (!PyArg_ParseTuple(args, "UOOOOOO", &given, &known, &unknown, &both_known, &both_unknown, &prefixes, &starts))
        return NULL;
    Memory *memory = PyCapsule_GetPointer(known, MEMORY_NAME), *both = PyCapsule_GetPointer(both_known, MEMORY_NAME);
    if (!memory || !both) return NULL;
    if (starts == Py_None) starts = NULL;
    Py_ssize_t end;
    const unsigned char *text = (const unsigned char *)PyUnicode_AsUTF8AndSize(given, &end);
    if (!text) { /* half of a surrogate pair */
        if (!PyErr_ExceptionMatches(PyExc_UnicodeError)) return NULL;
        PyErr_Clear();
        return Py_NewRef(Py_None);
    }
    PyObject *found = PyList_New(0);
    Py_ssize_t at = 0, wider = 0;
    Py_ssize_t before = -1, before_start = 0, after_hyphen = -1; /* a prefix, and where what it joins would begin */
    while (found && at < end) {
        int bytes, kind = kind_at(text, at, end, &bytes);
        if (kind < 0) goto leave;
        if (!(kind & WORD)) { at += bytes; wider += bytes - 1; continue; }
        Py_ssize_t start = at - wider, stop = acronym(text, at, end);
        int whole = 0;
        if (!stop) stop = number(text, at, end);
        if (!stop) { stop = plain(text, at, end, &wider); whole = stop > 0; }
        if (!stop) stop = run(text, at, end, WORD);
        if (!add(found, starts, memory, unknown, text + at, stop - at, start)) goto failed;
        if (whole && after_hyphen == at &&
            !add(found, starts, both, both_unknown, text + before, stop - before, before_start)) goto failed;
        after_hyphen = -1;
        if (whole && kind_at(text, stop, end, &bytes) == HYPHEN) {
            int joins = is_prefix(text + at, stop - at, prefixes);
            if (joins < 0) goto failed;
            if (joins) { before = at; before_start = start; after_hyphen = stop + bytes; }
        }
        at = stop;
    }
    return found;
leave:
    Py_DECREF(found);
    return Py_NewRef(Py_None);
failed:
    Py_DECREF(found);
    return NULL;
}

static PyMethodDef methods[] = {
    {"memory", make_memory, METH_NOARGS, NULL},
    {"pieces", pieces, METH_VARARGS, NULL},
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
