void run(void **p, const int64_t *n, int64_t first, int64_t last) {
    int32_t *bins = p[0];
    const uint32_t *restrict data = p[1];
    for (int64_t i = first; i < last; i++) __atomic_fetch_add(&bins[data[i] & 255], 1, __ATOMIC_RELAXED);
}
