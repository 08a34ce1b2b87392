void run(void **p, const int64_t *n, int64_t first, int64_t last) {
    float *restrict y = p[0];
    const float *restrict x = p[1];
    for (int64_t i = first; i < last; i++) y[i] = 1.0e-3f * x[i] + y[i];
}
