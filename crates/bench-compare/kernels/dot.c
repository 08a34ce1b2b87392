void run(void **p, const int64_t *n, int64_t first, int64_t last) {
    float *restrict sums = p[0];
    const float *restrict x = p[1], *restrict y = p[2];
    for (int64_t i = first; i < last; i++) {
        float s = 0;
        for (int64_t k = 0; k < 64; k++) s += x[i * 64 + k] * y[i * 64 + k];
        sums[i] = s;
    }
}
