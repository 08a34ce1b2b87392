void run(void **p, const int64_t *n, int64_t first, int64_t last) {
    float *restrict b = p[0];
    const float *restrict a = p[1];
    int64_t m = n[0];
    for (int64_t j = first; j < last; j++)
        for (int64_t i = 0; i < m; i++) b[i + m * j] = a[j + m * i];
}
