void run(void **p, const int64_t *n, int64_t first, int64_t last) {
    double *restrict y = p[0];
    const double *restrict x = p[1];
    int64_t m = n[0];
    for (int64_t i = first; i < last; i++)
        if (0 < i && i < m - 1) y[i] = 0.25 * x[i - 1] + (0.5 * x[i] + 0.25 * x[i + 1]);
}
