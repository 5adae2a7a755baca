/* The two loops over postings that are too slow in Python: inverting terms into postings, and finding the best
   passages. What they compute is said, and computed for machines without a compiler, in retrieval/postings.py.

   Every score that is returned is summed in 64-bit floats in the order in which the lists are given, with the same
   operations as there (no fused multiply-add: see pyproject.toml), so both give the same bits. 32-bit bounds only choose which passages
   are scored. */

#define VERSION 3 /* another one whenever what is offered here changes: retrieval/compiled.py */
#define PY_SSIZE_T_CLEAN
#define Py_LIMITED_API 0x030b0000
#include <Python.h>
#include <float.h>
#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#define CODES 256
#define REGION_BITS 16       /* postings are grouped by the regions of 65,536 passages that they stand in */
#define BLOCK 8192           /* passages whose bounds are added up at a time: 32 kB, the first cache; regions are some */
#define STRIDE 64            /* bounds that are looked at together; a block is some of them */
#define MOST_LISTS 1024
#define FREQUENCY_SHIFT 5    /* a code is a frequency (0 to 7; 7 is "7 or more") above a bucket of lengths */
#define MOST_FREQUENT 7
#define KEEP 0.9f            /* candidates are kept from this share of the k-th bound on */
#define SLACK 1.0001f        /* more than what adding up in 32 bits can lose */
#define FIELD_NAME "retrieval._scoring.field"
#define FEW_PASSAGES 200000   /* among so many the floor has hardly risen when all are seen: skipping gains nothing */
#define BUFFERS 10
#define WORTH_SKIPPING 0.4f  /* lists are skipped whose bounds together are below this share of the floor: with more,
                                too many passages have to be looked up in them */

typedef struct {
    Py_buffer buffers[BUFFERS];
    int held;
    const int64_t *groups;    /* of each term: its first group, and where those of the last end */
    const uint16_t *regions;  /* of each group: its region, ascending within a term */
    const int64_t *begins;    /* ... and its first posting, and where those of the last end */
    const uint16_t *places;   /* of each posting: its passage in the region, ascending within a group */
    const uint8_t *codes;
    const int32_t *lengths;
    const float *bounds;      /* of each code */
    const float *greatest;    /* bound of each term */
    const int64_t *often_at;  /* postings whose frequency does not fit its code, ascending */
    const int32_t *often;     /* ... and that frequency */
    int64_t often_count, terms, count;
    double average, k1, b;
} Field;

typedef struct {
    const Field *field;
    const uint16_t *regions;  /* of its groups */
    const int64_t *begins;
    int64_t count;            /* of groups */
    int64_t group, end;       /* the region's group, or the next one; where the region's postings end */
    int64_t at, stop;         /* the block's first posting and the next block's, among the field's */
    double multiplier, idf;
    float most;
    float bounds[CODES];
} List;

typedef struct { int32_t passage; float bound; } Candidate;
typedef struct { int32_t passage; double score; } Scored;

/* -- reading arguments ------------------------------------------------------------------------------------------ */

static void free_field(PyObject *capsule) {
    Field *field = PyCapsule_GetPointer(capsule, FIELD_NAME);
    if (!field) { PyErr_Clear(); return; }
    for (int i = 0; i < field->held; i++) PyBuffer_Release(&field->buffers[i]);
    free(field);
}

/* Whether these are the edges of stretches that lie one after the other, the last ending at `last`. */
static int in_order(const int64_t *edges, int64_t count, int64_t last) {
    if (edges[0] != 0 || edges[count] != last) return 0;
    for (int64_t i = 0; i < count; i++)
        if (edges[i + 1] < edges[i]) return 0;
    return 1;
}

static PyObject *make_field(PyObject *self, PyObject *args) {
    (void)self;
    PyObject *objects[BUFFERS];
    double average, k1, b;
    if (!PyArg_ParseTuple(args, "OOOOOOOOOOddd", &objects[0], &objects[1], &objects[2], &objects[3], &objects[4],
                          &objects[5], &objects[6], &objects[7], &objects[8], &objects[9], &average, &k1, &b)) return NULL;
    static const Py_ssize_t sizes[BUFFERS] = {8, 2, 8, 2, 1, 4, 4, 4, 8, 4};
    Field *field = calloc(1, sizeof *field);
    if (!field) return PyErr_NoMemory();
    PyObject *capsule = PyCapsule_New(field, FIELD_NAME, free_field);
    if (!capsule) { free(field); return NULL; }
    for (int i = 0; i < BUFFERS; i++) {
        if (PyObject_GetBuffer(objects[i], &field->buffers[i], PyBUF_C_CONTIGUOUS) < 0) { Py_DECREF(capsule); return NULL; }
        field->held = i + 1;
        if (field->buffers[i].itemsize != sizes[i] || (uintptr_t)field->buffers[i].buf % (size_t)sizes[i]) {
            PyErr_Format(PyExc_TypeError, "array %d of a field: aligned items of %zd bytes are needed", i, sizes[i]);
            Py_DECREF(capsule);
            return NULL;
        }
    }
    Py_buffer *held = field->buffers;
    field->groups = held[0].buf;
    field->regions = held[1].buf;
    field->begins = held[2].buf;
    field->places = held[3].buf;
    field->codes = held[4].buf;
    field->lengths = held[5].buf;
    field->bounds = held[6].buf;
    field->greatest = held[7].buf;
    field->often_at = held[8].buf;
    field->often = held[9].buf;
    field->terms = held[0].len / 8 - 1;
    field->count = held[5].len / 4;
    field->often_count = held[8].len / 8;
    field->average = average;
    field->k1 = k1;
    field->b = b;
    int64_t groups = held[1].len / 2, postings = held[3].len / 2;
    if (field->terms < 0 || held[2].len / 8 != groups + 1 || held[4].len != postings || held[6].len != CODES * 4 ||
        held[7].len / 4 != field->terms || held[9].len / 4 != field->often_count ||
        !in_order(field->groups, field->terms, groups) || !in_order(field->begins, groups, postings)) {
        PyErr_SetString(PyExc_ValueError, "the arrays of a field do not belong together");
        Py_DECREF(capsule);
        return NULL;
    }
    return capsule;
}

/* -- exact scores ----------------------------------------------------------------------------------------------- */

/* The first place from which on nothing is below `wanted`. Without branches: which way to go cannot be foretold. */
static int64_t lower_bound(const uint16_t *sorted, int64_t from, int64_t to, uint32_t wanted) {
    const uint16_t *base = sorted + from;
    int64_t left = to - from;
    while (left > 1) {
        int64_t half = left >> 1;
        base += half & -(int64_t)(base[half - 1] < wanted);
        left -= half;
    }
    return base - sorted + (left == 1 && *base < wanted);
}

/* Where the field keeps the posting of a passage; -1 where the list has none. */
static int64_t posting_of(const List *list, int32_t passage) {
    uint32_t region = (uint32_t)passage >> REGION_BITS;
    int64_t group = lower_bound(list->regions, 0, list->count, region);
    if (group == list->count || list->regions[group] != region) return -1;
    uint16_t place = (uint16_t)passage;
    int64_t at = lower_bound(list->field->places, list->begins[group], list->begins[group + 1], place);
    return at < list->begins[group + 1] && list->field->places[at] == place ? at : -1;
}

static double frequency_at(const Field *field, int64_t wanted) {
    int code = field->codes[wanted] >> FREQUENCY_SHIFT;
    if (code < MOST_FREQUENT) return code;
    int64_t from = 0, to = field->often_count;
    while (from < to) {
        int64_t middle = from + (to - from) / 2;
        if (field->often_at[middle] < wanted) from = middle + 1; else to = middle;
    }
    return from < field->often_count ? field->often[from] : MOST_FREQUENT;
}

static double score(const List *lists, int count, int32_t passage) {
    double total = 0.0;
    for (int i = 0; i < count; i++) {
        const List *list = &lists[i];
        int64_t at = posting_of(list, passage);
        if (at < 0) continue;
        const Field *field = list->field;
        double frequency = frequency_at(field, at);
        double length = field->lengths[passage];
        double weight = frequency * (field->k1 + 1) /
                        (frequency + field->k1 * (1 - field->b + field->b * length / field->average));
        total += list->multiplier * (list->idf * weight);
    }
    return total;
}

/* -- candidates ------------------------------------------------------------------------------------------------- */

typedef struct {
    float *least;             /* a heap of the k highest bounds so far, the lowest on top */
    int k, held;
    Candidate *found;
    int64_t count, room;
    float floor;              /* bounds below it are not looked at */
    float fixed;              /* ... and it does not rise above this one, if it is not negative */
    int failed;
} Candidates;

static void sift(float *heap, int size, float value) {
    int at = 0;
    for (;;) {
        int child = 2 * at + 1;
        if (child >= size) break;
        if (child + 1 < size && heap[child + 1] < heap[child]) child++;
        if (heap[child] >= value) break;
        heap[at] = heap[child];
        at = child;
    }
    heap[at] = value;
}

static void raise_heap(Candidates *all, float bound) {
    if (all->held < all->k) {
        int at = all->held++;
        while (at && all->least[(at - 1) / 2] > bound) { all->least[at] = all->least[(at - 1) / 2]; at = (at - 1) / 2; }
        all->least[at] = bound;
    } else if (bound > all->least[0]) {
        sift(all->least, all->k, bound);
    }
    if (all->held == all->k && all->fixed < 0) all->floor = KEEP * all->least[0];
}

static void forget_low(Candidates *all) {
    int64_t kept = 0;
    for (int64_t i = 0; i < all->count; i++)
        if (all->found[i].bound >= all->floor) all->found[kept++] = all->found[i];
    all->count = kept;
}

static void keep(Candidates *all, int32_t passage, float bound) {
    if (all->count == all->room) {
        forget_low(all);
        if (all->count > all->room / 2) {
            Candidate *more = realloc(all->found, 2 * all->room * sizeof *more);
            if (!more) { all->failed = 1; return; }
            all->found = more;
            all->room *= 2;
        }
    }
    all->found[all->count++] = (Candidate){passage, bound};
    raise_heap(all, bound);
}

/* Complete a bound with the lists that were left out, giving up where it cannot reach the floor any more. */
static float completed(const List **left, int count, float rest, int32_t passage, float bound, float floor) {
    for (int i = count - 1; i >= 0; i--) {
        if (bound + rest < floor) return -1.0f;
        const List *list = left[i];
        rest -= list->most;
        uint16_t place = (uint16_t)passage;
        int64_t at = lower_bound(list->field->places, list->at, list->stop, place);
        if (at < list->stop && list->field->places[at] == place) bound += list->bounds[list->field->codes[at]];
    }
    return bound;
}

static void consider(Candidates *all, const List **left, int skipped, float rest, const uint8_t *allowed,
                     int32_t passage, float bound) {
    if (allowed && !allowed[passage]) return;
    if (skipped) bound = completed(left, skipped, rest, passage, bound, all->floor);
    if (bound >= all->floor) keep(all, passage, bound);
}

/* Go to the postings of a region that lies behind the one before. */
static void enter(List *list, uint32_t region) {
    while (list->group < list->count && list->regions[list->group] < region) list->group++;
    int there = list->group < list->count && list->regions[list->group] == region;
    list->stop = there ? list->begins[list->group] : 0;
    list->end = there ? list->begins[list->group + 1] : 0;
}

/* Go to the postings of the next block of the region, which ends before `last`. */
static void advance(List *list, uint32_t last) {
    const uint16_t *places = list->field->places;
    int64_t from = list->at = list->stop, to = list->end;
    if (to - from > 64) { /* gallop, then halve */
        int64_t step = 64, near = from;
        while (near + step < to && places[near + step] < last) { near += step; step *= 2; }
        list->stop = lower_bound(places, near, near + step < to ? near + step : to, last);
    } else {
        while (from < to && places[from] < last) from++;
        list->stop = from;
    }
}

/* Whether one of a stride's sums is high enough: a loop that compilers take several at a time of. */
static inline int any_reaches(const float *sums, float enough) {
    int any = 0;
    for (int at = 0; at < STRIDE; at++) any |= sums[at] >= enough;
    return any;
}

static void scan(List **order, int count, int64_t passages, const uint8_t *allowed, int prune, Candidates *all) {
    _Alignas(64) float sums[BLOCK];
    memset(sums, 0, sizeof sums);
    for (int i = 0; i < count; i++) order[i]->group = 0;
    for (int64_t base = 0; base < passages && !all->failed; base += BLOCK) {
        int64_t end = base + BLOCK < passages ? base + BLOCK : passages;
        uint32_t first = (uint32_t)base & 0xFFFF, within = (uint32_t)(end - base); /* both in the region */
        if (!first)
            for (int i = 0; i < count; i++) enter(order[i], (uint32_t)(base >> REGION_BITS));
        /* lists that together cannot lift a passage over the floor are only looked into for passages of the others */
        int skipped = 0;
        float rest = 0.0f;
        if (prune)
            while (skipped < count && (rest + order[skipped]->most) * SLACK < WORTH_SKIPPING * all->floor) rest += order[skipped++]->most;
        rest *= SLACK;
        int64_t touched = 0;
        for (int i = 0; i < count; i++) {
            advance(order[i], first + within);
            if (i >= skipped) touched += order[i]->stop - order[i]->at;
        }
        if (!touched) continue;
        for (int i = skipped; i < count; i++) {
            const List *list = order[i];
            const uint16_t *places = list->field->places + list->at;
            const uint8_t *code = list->field->codes + list->at;
            const float *bounds = list->bounds;
            int64_t n = list->stop - list->at;
            for (int64_t j = 0; j < n; j++) {
                uint32_t place = places[j] - first; /* within, unless a damaged file says otherwise */
                if (place < within) sums[place] += bounds[code[j]];
            }
        }
        const List **left = (const List **)order;
        if (touched < BLOCK / 16) {
            for (int i = skipped; i < count; i++) {
                const List *list = order[i];
                for (int64_t j = list->at; j < list->stop; j++) {
                    uint32_t place = list->field->places[j] - first;
                    if (place >= within) continue;
                    float bound = sums[place];
                    sums[place] = 0.0f;
                    if (bound > 0.0f && bound + rest >= all->floor)
                        consider(all, left, skipped, rest, allowed, (int32_t)(base + place), bound);
                }
            }
            continue;
        }
        for (int64_t from = 0; from < end - base; from += STRIDE) {
            float enough = all->floor - rest;
            if (enough <= 0.0f) enough = FLT_MIN;
            if (!any_reaches(sums + from, enough)) continue;
            for (int64_t at = from; at < from + STRIDE; at++)
                if (sums[at] >= enough) consider(all, left, skipped, rest, allowed, (int32_t)(base + at), sums[at]);
        }
        memset(sums, 0, (size_t)(end - base) * sizeof *sums);
    }
    forget_low(all);
}

/* -- the best passages ------------------------------------------------------------------------------------------ */

static int by_most(const void *one, const void *other) {
    const List *a = *(List *const *)one, *b = *(List *const *)other;
    return (a->most > b->most) - (a->most < b->most);
}

static int by_bound(const void *one, const void *other) {
    const Candidate *a = one, *b = other;
    return (a->bound < b->bound) - (a->bound > b->bound);
}

static int by_score(const void *one, const void *other) {
    const Scored *a = one, *b = other;
    if (a->score != b->score) return a->score < b->score ? 1 : -1;
    return (a->passage > b->passage) - (a->passage < b->passage);
}

/* The k best of all; -1 without memory. `scored` has room for what is found, and is made here. */
static int64_t find_best(const List *lists, List **order, int count, int64_t passages, const uint8_t *allowed,
                         int k, int prune, Scored **scored) {
    Candidates all = {.k = k, .room = 1024, .floor = FLT_MIN, .fixed = -1.0f};
    all.least = malloc((size_t)k * sizeof *all.least);
    all.found = malloc((size_t)all.room * sizeof *all.found);
    Scored *first = malloc((size_t)k * sizeof *first);
    int known = 0; /* of `first` */
    int64_t found = -1;
    if (!all.least || !all.found || !first) goto done;
    qsort(order, (size_t)count, sizeof *order, by_most);
    scan(order, count, passages, allowed, prune, &all);
    if (all.failed) goto done;
    if (all.count >= k) {
        /* the lowest score of any k passages: nothing whose bound is below it can be among the best */
        qsort(all.found, (size_t)all.count, sizeof *all.found, by_bound);
        double lowest = INFINITY;
        for (int i = 0; i < k; i++) {
            first[i] = (Scored){all.found[i].passage, score(lists, count, all.found[i].passage)};
            if (first[i].score < lowest) lowest = first[i].score;
        }
        float floor = (float)lowest / SLACK;
        if (floor < all.floor) { /* the bounds were too loose for what was kept: look again */
            all.count = 0;
            all.held = 0;
            all.floor = all.fixed = floor > FLT_MIN ? floor : FLT_MIN;
            scan(order, count, passages, allowed, prune, &all);
            if (all.failed) goto done;
        } else {
            all.floor = floor;
            forget_low(&all);
            known = k;
        }
    }
    *scored = malloc((size_t)(all.count ? all.count : 1) * sizeof **scored);
    if (!*scored) goto done;
    for (int64_t i = 0; i < all.count; i++) {
        int32_t passage = all.found[i].passage;
        int again = i < known && first[i].passage == passage;
        (*scored)[i] = again ? first[i] : (Scored){passage, score(lists, count, passage)};
    }
    qsort(*scored, (size_t)all.count, sizeof **scored, by_score);
    found = all.count < k ? all.count : k;
done:
    free(all.least);
    free(all.found);
    free(first);
    return found;
}

static int read_list(PyObject *item, List *list, int64_t passages) {
    PyObject *capsule;
    long long term;
    if (!PyArg_ParseTuple(item, "OLdd", &capsule, &term, &list->multiplier, &list->idf)) return -1;
    const Field *field = list->field = PyCapsule_GetPointer(capsule, FIELD_NAME);
    if (!field) return -1;
    if (term < 0 || term >= field->terms || field->count != passages) {
        PyErr_SetString(PyExc_ValueError, "a list of another index");
        return -1;
    }
    list->regions = field->regions + field->groups[term];
    list->begins = field->begins + field->groups[term];
    list->count = field->groups[term + 1] - field->groups[term];
    if (list->idf < 0) { /* Lucene's, as retrieval.bm25.idf says it */
        double containing = (double)(list->begins[list->count] - list->begins[0]);
        list->idf = log(1 + ((double)field->count - containing + 0.5) / (containing + 0.5));
    }
    float most = (float)(list->multiplier * list->idf) * SLACK;
    for (int code = 0; code < CODES; code++) list->bounds[code] = field->bounds[code] * most;
    list->most = field->greatest[term] * most;
    return 0;
}

/* lists: [(field, term, multiplier, idf)], an idf below 0 is that of the field; prune: 0 never, 1 where it pays, 2
   always. */
static PyObject *best(PyObject *self, PyObject *args) {
    (void)self;
    PyObject *given, *mask, *answer = NULL;
    int k, prune;
    long long passages;
    if (!PyArg_ParseTuple(args, "OiLOi", &given, &k, &passages, &mask, &prune)) return NULL;
    prune = prune == 2 || (prune == 1 && passages > FEW_PASSAGES);
    if (PyList_Size(given) > MOST_LISTS) return PyErr_Format(PyExc_ValueError, "more than %d lists", MOST_LISTS);
    PyObject *held = PyList_AsTuple(given); /* nobody can take a list out of it while it is read */
    if (!held) return NULL;
    Py_ssize_t count = PyTuple_Size(held);
    Py_buffer allowed = {0};
    if (mask != Py_None) {
        if (PyObject_GetBuffer(mask, &allowed, PyBUF_C_CONTIGUOUS) < 0) { Py_DECREF(held); return NULL; }
        if (allowed.len != passages) {
            PyBuffer_Release(&allowed);
            Py_DECREF(held);
            PyErr_SetString(PyExc_ValueError, "a mask of another index");
            return NULL;
        }
    }
    List *lists = malloc((size_t)(count ? count : 1) * sizeof *lists);
    List **order = malloc((size_t)(count ? count : 1) * sizeof *order);
    Scored *scored = NULL;
    if (!lists || !order) { PyErr_NoMemory(); goto done; }
    for (Py_ssize_t i = 0; i < count; i++) {
        if (read_list(PyTuple_GetItem(held, i), &lists[i], passages) < 0) goto done;
        order[i] = &lists[i];
    }
    int64_t found = 0;
    if (k > 0) {
        if (k > passages) k = (int)passages;
        Py_BEGIN_ALLOW_THREADS
        if (k) found = find_best(lists, order, (int)count, passages, allowed.buf, k, prune, &scored);
        Py_END_ALLOW_THREADS
    }
    if (found < 0) { PyErr_NoMemory(); goto done; }
    answer = PyList_New(found);
    for (int64_t i = 0; answer && i < found; i++) {
        PyObject *pair = Py_BuildValue("(id)", scored[i].passage, scored[i].score);
        if (!pair || PyList_SetItem(answer, i, pair) < 0) { Py_CLEAR(answer); }
    }
done:
    free(scored);
    free(lists);
    free(order);
    if (mask != Py_None) PyBuffer_Release(&allowed);
    Py_DECREF(held);
    return answer;
}

/* -- inverting -------------------------------------------------------------------------------------------------- */

#define ARRAYS 10

typedef struct { Py_buffer buffers[ARRAYS]; int held; } Arguments;

static void release(Arguments *all) {
    for (int i = 0; i < all->held; i++) PyBuffer_Release(&all->buffers[i]);
}

/* Hold `count` arrays with items of these sizes, those from `writable` on to be written to; -1 with an error set. */
static int hold(Arguments *all, PyObject *args, int count, const Py_ssize_t *sizes, int writable) {
    for (all->held = 0; all->held < count; ) {
        Py_buffer *buffer = &all->buffers[all->held];
        int flags = PyBUF_C_CONTIGUOUS | (all->held >= writable ? PyBUF_WRITABLE : 0);
        if (PyObject_GetBuffer(PyTuple_GetItem(args, all->held), buffer, flags) < 0) return -1;
        if (buffer->itemsize != sizes[all->held++]) {
            PyErr_SetString(PyExc_TypeError, "an array of the wrong type");
            return -1;
        }
    }
    return 0;
}

/* Whether every term has a number below `vocabulary`, and the lengths are those of the terms; 0 with an error set. */
static int belong_together(const int32_t *terms, int64_t n, const int32_t *lengths, int64_t count, int64_t vocabulary) {
    int64_t total = 0;
    for (int64_t p = 0; p < count; p++) {
        if (lengths[p] < 0) { PyErr_SetString(PyExc_ValueError, "a negative length"); return 0; }
        total += lengths[p];
    }
    if (total != n) { PyErr_SetString(PyExc_ValueError, "lengths that are not those of the terms"); return 0; }
    for (int64_t i = 0; i < n; i++)
        if (terms[i] < 0 || terms[i] >= vocabulary) { PyErr_SetString(PyExc_ValueError, "a term that has no number"); return 0; }
    return 1;
}

/* What both halves of inverting read and count with. */
typedef struct {
    Arguments all;
    const int32_t *terms, *lengths;
    int64_t *starts, *groups, count, vocabulary;
    int64_t *next, *next_group; /* of each term: how many postings and groups, or where the next one goes */
    int32_t *last;              /* ... and the last passage that held it; none */
} Inverting;

static void end_inverting(Inverting *it) {
    free(it->next);
    free(it->next_group);
    free(it->last);
    release(&it->all);
}

/* Take the arrays terms (n, int32), lengths (p, int32), starts and groups (t + 1, int64) and the others; 0 with an
   error set. */
static int begin_inverting(Inverting *it, PyObject *args, int count, int writable) {
    static const Py_ssize_t sizes[ARRAYS] = {4, 4, 8, 8, 1, 2, 8, 2, 1, 1};
    *it = (Inverting){0};
    if (PyTuple_Size(args) != count) { PyErr_SetString(PyExc_TypeError, "another number of arrays"); return 0; }
    if (hold(&it->all, args, count, sizes, writable) < 0) return 0;
    const Py_buffer *held = it->all.buffers;
    it->terms = held[0].buf;
    it->lengths = held[1].buf;
    it->starts = held[2].buf;
    it->groups = held[3].buf;
    it->count = held[1].len / 4;
    it->vocabulary = held[2].len / 8 - 1;
    if (it->vocabulary < 0 || held[3].len != held[2].len) {
        PyErr_SetString(PyExc_ValueError, "no room for the starts");
        return 0;
    }
    if (!belong_together(it->terms, held[0].len / 4, it->lengths, it->count, it->vocabulary)) return 0;
    size_t room = it->vocabulary ? (size_t)it->vocabulary : 1;
    it->next = calloc(room, sizeof *it->next);
    it->next_group = calloc(room, sizeof *it->next_group);
    it->last = malloc(room * sizeof *it->last);
    if (!it->next || !it->next_group || !it->last) { PyErr_NoMemory(); return 0; }
    for (int64_t t = 0; t < it->vocabulary; t++) it->last[t] = -1;
    return 1;
}

/* Whether a passage is the first of its region that holds a term, where `last` was the last one before. */
static int is_new_region(int32_t last, int64_t passage) {
    return last < 0 || last >> REGION_BITS != (int32_t)passage >> REGION_BITS;
}

/* terms, lengths, starts, groups: where each term's postings and groups begin is written there. */
static PyObject *count_postings(PyObject *self, PyObject *args) {
    (void)self;
    Inverting it;
    PyObject *answer = NULL;
    if (!begin_inverting(&it, args, 4, 2)) goto done;
    Py_BEGIN_ALLOW_THREADS
    for (int64_t p = 0, i = 0; p < it.count; p++)
        for (int64_t stop = i + it.lengths[p]; i < stop; i++) {
            int32_t term = it.terms[i];
            if (it.last[term] == p) continue;
            it.next[term]++;
            it.next_group[term] += is_new_region(it.last[term], p);
            it.last[term] = (int32_t)p;
        }
    it.starts[0] = it.groups[0] = 0;
    for (int64_t t = 0; t < it.vocabulary; t++) {
        it.starts[t + 1] = it.starts[t] + it.next[t];
        it.groups[t + 1] = it.groups[t] + it.next_group[t];
    }
    Py_END_ALLOW_THREADS
    answer = Py_NewRef(Py_None);
done:
    end_inverting(&it);
    return answer;
}

/* The same, with starts and groups filled, and each passage's bucket of lengths (uint8): writes the groups' regions
   (uint16) and begins (int64, one more), the postings' places (uint16), buckets (uint8) and frequencies (uint8, at
   most 255). */
static PyObject *fill_postings(PyObject *self, PyObject *args) {
    (void)self;
    Inverting it;
    PyObject *answer = NULL;
    if (!begin_inverting(&it, args, 10, 5)) goto done;
    const Py_buffer *held = it.all.buffers;
    int64_t postings = it.starts[it.vocabulary], groups = it.groups[it.vocabulary];
    if (held[4].len != it.count || held[5].len / 2 != groups || held[6].len / 8 != groups + 1 ||
        held[7].len / 2 != postings || held[8].len != postings || held[9].len != postings) {
        PyErr_SetString(PyExc_ValueError, "too little room");
        goto done;
    }
    if (!in_order(it.starts, it.vocabulary, postings) || !in_order(it.groups, it.vocabulary, groups)) {
        PyErr_SetString(PyExc_ValueError, "starts of other terms");
        goto done;
    }
    const uint8_t *buckets = held[4].buf;
    uint16_t *regions = held[5].buf, *places = held[7].buf;
    int64_t *begins = held[6].buf;
    uint8_t *codes = held[8].buf, *frequencies = held[9].buf;
    int complete = 1;
    Py_BEGIN_ALLOW_THREADS
    memcpy(it.next, it.starts, (size_t)it.vocabulary * sizeof *it.next);
    memcpy(it.next_group, it.groups, (size_t)it.vocabulary * sizeof *it.next_group);
    for (int64_t p = 0, i = 0; p < it.count && complete; p++)
        for (int64_t stop = i + it.lengths[p]; i < stop; i++) {
            int32_t term = it.terms[i];
            if (it.last[term] == p) {
                uint8_t *frequency = &frequencies[it.next[term] - 1];
                if (*frequency < UINT8_MAX) ++*frequency;
                continue;
            }
            int is_new = is_new_region(it.last[term], p);
            if (it.next[term] >= it.starts[term + 1] || it.next_group[term] + is_new > it.groups[term + 1]) {
                complete = 0;
                break;
            }
            int64_t at = it.next[term]++;
            if (is_new) {
                regions[it.next_group[term]] = (uint16_t)(p >> REGION_BITS);
                begins[it.next_group[term]++] = at;
            }
            it.last[term] = (int32_t)p;
            places[at] = (uint16_t)p;
            codes[at] = buckets[p];
            frequencies[at] = 1;
        }
    begins[groups] = postings;
    Py_END_ALLOW_THREADS
    if (!complete) { PyErr_SetString(PyExc_ValueError, "starts of other terms"); goto done; }
    answer = Py_NewRef(Py_None);
done:
    end_inverting(&it);
    return answer;
}

/* -- the module ------------------------------------------------------------------------------------------------- */

static PyMethodDef methods[] = {
    {"field", make_field, METH_VARARGS, NULL},
    {"best", best, METH_VARARGS, NULL},
    {"count_postings", count_postings, METH_VARARGS, NULL},
    {"fill_postings", fill_postings, METH_VARARGS, NULL},
    {NULL, NULL, 0, NULL},
};

static int set_up(PyObject *module) { return PyModule_AddIntConstant(module, "VERSION", VERSION); }

static PyModuleDef_Slot slots[] = {{Py_mod_exec, set_up}, {0, NULL}};

static struct PyModuleDef module = {PyModuleDef_HEAD_INIT, "_scoring", NULL, 0, methods, slots, NULL, NULL, NULL};

PyMODINIT_FUNC PyInit__scoring(void) { return PyModuleDef_Init(&module); }
