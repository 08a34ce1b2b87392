using Plots
plot(1:10)
