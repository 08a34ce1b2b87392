void run(void **p, const int64_t *n, int64_t first, int64_t last) {
    double *restrict b = p[0];
    const double *restrict a = p[1];
    int64_t m = n[0];
    for (int64_t j = first; j < last; j++)
        for (int64_t i = 0; i < m; i++)
            if (i > 0 && i < m - 1 && j > 0 && j < m - 1)
                b[i + m * j] = a[i + m * j] + 0.1 * (a[i - 1 + m * j] + a[i + 1 + m * j] + a[i + m * (j - 1)] +
                                                     a[i + m * (j + 1)] - 4 * a[i + m * j]);
}
