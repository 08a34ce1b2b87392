void run(void **p, const int64_t *n, int64_t first, int64_t last) {
    double *restrict y = p[0];
    const double *restrict x = p[1];
    static const double c[12] = {1.0, 0.5, 0.25, 0.125, 0.0625, 0.03, 0.015, 0.0075, 0.003, 0.001, 0.0005, 0.0002};
    for (int64_t i = first; i < last; i++) {
        double s = c[11];
        for (int k = 10; k >= 0; k--) s = s * x[i] + c[k];
        y[i] = s;
    }
}
