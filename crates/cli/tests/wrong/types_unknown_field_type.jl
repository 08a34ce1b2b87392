struct Particle
    position::Vektor
end
