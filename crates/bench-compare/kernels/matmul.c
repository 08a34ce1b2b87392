void run(void **p, const int64_t *n, int64_t first, int64_t last) {
    float *restrict c = p[0];
    const float *restrict a = p[1], *restrict b = p[2];
    int64_t m = n[0];
    for (int64_t j = first; j < last; j++)
        for (int64_t i = 0; i < m; i++) {
            float s = 0;
            for (int64_t k = 0; k < m; k++) s += a[i + m * k] * b[k + m * j];
            c[i + m * j] = s;
        }
}
