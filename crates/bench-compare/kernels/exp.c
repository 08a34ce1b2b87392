void run(void **p, const int64_t *n, int64_t first, int64_t last) {
    double *restrict y = p[0];
    const double *restrict x = p[1];
    for (int64_t i = first; i < last; i++) y[i] = exp(x[i]);
}
