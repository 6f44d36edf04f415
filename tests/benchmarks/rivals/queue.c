/* The bare loop of numba_loop.py in C: the same heap and the same events; uniforms by xorshift64*. */
#include <math.h>
#include <stdint.h>
#include <stdlib.h>

enum { COMES, LEAVES, ENDS };
typedef struct { double time; int64_t what; } Event;
static Event *heap;
static int64_t size;
static uint64_t word;

static double exponential(double mean)
{
    word ^= word >> 12; word ^= word << 25; word ^= word >> 27;
    return -mean * log(((word * 2685821657736338717ULL >> 11) + 1) * 0x1p-53);
}

static void push(double time, int64_t what)
{
    int64_t at = size++;
    while (at > 0 && heap[(at - 1) / 2].time > time) { heap[at] = heap[(at - 1) / 2]; at = (at - 1) / 2; }
    heap[at].time = time; heap[at].what = what;
}

static Event pop(void)
{
    Event first = heap[0], last = heap[--size];
    int64_t at = 0, child;
    while ((child = 2 * at + 1) < size) {
        if (child + 1 < size && heap[child + 1].time < heap[child].time) child++;
        if (heap[child].time >= last.time) break;
        heap[at] = heap[child]; at = child;
    }
    heap[at] = last;
    return first;
}

void simulated(uint64_t seed, int64_t most, double until, int64_t agents, double between, double service,
               double patience, int64_t *over, int64_t *left)
{
    char *waits = calloc(most, 1);
    int64_t busy = 0, came = 0, head = 0;
    heap = malloc(most * sizeof(Event)); size = 0; *over = *left = 0;
    word = seed * 0x9E3779B97F4A7C15ULL + 1;
    push(exponential(between), COMES);
    while (size) {
        Event e = pop();
        switch (e.what & 3) {
        case COMES:
            if (e.time >= until) break;
            if (busy < agents) { busy++; push(e.time + exponential(service), ENDS); }
            else { waits[came] = 1; push(e.time + exponential(patience), came << 2 | LEAVES); }
            came++;
            push(e.time + exponential(between), COMES);
            break;
        case LEAVES:
            if (waits[e.what >> 2]) { waits[e.what >> 2] = 0; ++*over; ++*left; }
            break;
        default:
            ++*over; busy--;
            while (head < came && !waits[head]) head++;
            if (head < came) { waits[head++] = 0; busy++; push(e.time + exponential(service), ENDS); }
        }
    }
    free(heap); free(waits);
}
