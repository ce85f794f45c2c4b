// Fruit, a jug and a cloth by a window: content sample for nst.
// No include files, no external data; centimetres; the window is on the left, the wall at z = 40.
#version 3.7;

global_settings {
    assumed_gamma 1.0
    max_trace_level 8
    radiosity {
        pretrace_start 0.08  pretrace_end 0.02  count 80  nearest_count 8
        error_bound 0.7  recursion_limit 2  low_error_factor 0.6  brightness 1.1
    }
}

#declare R = seed(1656);
#macro Between(A, B) (A + (B - A) * rand(R)) #end

camera {
    location <3, 36, -92>
    right x * 4 / 3
    look_at <-0.5, 12.5, 0>
    angle 40
    aperture 1.6  blur_samples 16  focal_point <0, 8, -10>  confidence 0.92  variance 1 / 200
}

light_source { // daylight through the window
    <-120, 95, -45> rgb <1.32, 1.22, 1.05> * 1.25
    area_light 30 * z, 40 * y, 5, 5 adaptive 1 jitter
}
light_source { <90, 50, -120> rgb <0.10, 0.12, 0.17> shadowless }
background { rgb <0.05, 0.055, 0.065> }

// ---------------------------------------------------------------- room

plane { // plaster wall, the light of the window fading across it
    z, 46
    texture {
        pigment {
            bozo turbulence 1.2 octaves 7 scale 26
            color_map { [0.0 rgb <0.26, 0.29, 0.25>] [0.45 rgb <0.36, 0.37, 0.29>] [0.7 rgb <0.44, 0.37, 0.25>] [1.0 rgb <0.30, 0.34, 0.32>] }
        }
        normal { granite 0.07 scale 20 }
    }
    texture {
        pigment {
            spherical scale <105, 85, 100> translate <-42, 34, 46>
            color_map { [0.0 rgbt <0.05, 0.035, 0.025, 0.06>] [0.45 rgbt <0.12, 0.08, 0.05, 0.45>] [0.9 rgbt <0.3, 0.25, 0.2, 1>] }
        }
        normal { granite 0.07 scale 20 }
    }
}
#for (I, -3, 3) // table of planks
    box {
        <-140, -4, 0>, <140, 0, 13.8>
        translate -14 * 2.6 * z + (I * 14) * z
        pigment {
            wood turbulence <0.05, 0.12, 0.5> octaves 5 scale <1.6, 1.6, 40> rotate <4, 90, 0> translate <I * 31, I * 7, I * 3>
            color_map { [0 rgb <0.23, 0.11, 0.045>] [0.6 rgb <0.40, 0.21, 0.09>] [1 rgb <0.13, 0.06, 0.03>] }
        }
        normal { wood 0.3 turbulence <0.05, 0.12, 0.5> scale <1.6, 1.6, 40> rotate <4, 90, 0> }
        finish { specular 0.25 roughness 0.04 reflection { 0.01, 0.10 fresnel on } }
        interior { ior 1.5 }
    }
#end

// ---------------------------------------------------------------- cloth

// Folds radiate from where it is gathered, behind the bowl.
#declare Ripple = function { pattern { bozo scale 9 } }
#declare Fold = function(x, z) {
    1.2 + 1.1 * sin(x * 0.30 + 2.2 * sin(z * 0.11) + 5 * Ripple(x * 0.5, 0, z * 0.5))
        + 0.7 * sin(x * 0.13 - z * 0.37 + 4 * Ripple(x, 9, z)) + 1.5 * Ripple(x, 3, z)
}
#macro Cloth(Tint, Stripe)
    #local N = 150;
    #local P = array[N + 1][N + 1];
    #for (I, 0, N) #for (J, 0, N)
        #local X = -31 + 60 * I / N + 1.6 * sin(J * 0.09);
        #local Z = -29.5 + 44 * J / N + 1.4 * sin(I * 0.11);
        #local P[I][J] = <X, 0.15 + max(0, Fold(X, Z)) * min(1, max(0, Z + 27) / 12), Z>;
    #end #end
    mesh2 {
        vertex_vectors { (N + 1) * (N + 1) #for (I, 0, N) #for (J, 0, N) , P[I][J] #end #end }
        normal_vectors { (N + 1) * (N + 1)
            #for (I, 0, N) #for (J, 0, N)
                , vnormalize(vcross(P[I][min(N, J + 1)] - P[I][max(0, J - 1)], P[min(N, I + 1)][J] - P[max(0, I - 1)][J]))
            #end #end }
        uv_vectors { (N + 1) * (N + 1) #for (I, 0, N) #for (J, 0, N) , <I / N, J / N> #end #end }
        face_indices { N * N * 2
            #for (I, 0, N - 1) #for (J, 0, N - 1)
                #local K = I * (N + 1) + J;
                , <K, K + 1, K + N + 1>, <K + 1, K + N + 2, K + N + 1>
            #end #end }
        texture {
            pigment { uv_mapping gradient x scale 0.125
                color_map { [0.78 rgb Tint] [0.78 rgb Stripe] [0.84 rgb Stripe] [0.84 rgb Tint] [0.90 rgb Tint] [0.90 rgb Stripe] [0.98 rgb Stripe] [0.98 rgb Tint] } }
            finish { diffuse 0.85 }
        }
        texture { // threads
            pigment { uv_mapping checker rgbt <0.2, 0.2, 0.3, 0.88>, rgbt 1 scale 1 / 300 } finish { diffuse 0.8 }
        }
    }
#end
object { Cloth(<0.80, 0.76, 0.66>, <0.10, 0.22, 0.46>) rotate 0 * y translate <-1, 0, 0> }

// ---------------------------------------------------------------- jug, bottle, bowl

#declare Glaze = finish { diffuse 0.75 specular 0.55 roughness 0.012 reflection { 0.02, 0.28 fresnel on } conserve_energy }

union { // blue and white jug
    lathe {
        cubic_spline 17,
        <4, -1>, <6.0, 0>, <6.2, 0.6>, <7.6, 4>, <8.9, 9>, <8.5, 14>, <6.4, 18>, <4.7, 21>, <4.6, 23.5>, <5.6, 26.4>, <6.0, 27>,
        <5.6, 27>, <5.2, 26>, <4.2, 23>, <4.2, 20>, <5, 16>, <0, 8>
    }
    sphere_sweep {
        cubic_spline 8,
        <3, 26, 0>, 0.9, <5.0, 25.2, 0>, 0.9, <8.2, 26.4, 0>, 0.95, <11.6, 23.4, 0>, 1.0, <11.9, 18.5, 0>, 0.95, <10.2, 14.6, 0>, 0.9, <8.2, 12.4, 0>, 0.8, <7, 11, 0>, 0.7
        tolerance 0.01
    }
    texture {
        pigment {
            gradient y scale 27
            pigment_map {
                [0.00 rgb <0.10, 0.17, 0.42>] [0.06 rgb <0.10, 0.17, 0.42>] [0.06 rgb <0.82, 0.83, 0.80>] [0.16 rgb <0.84, 0.84, 0.80>]
                [0.16 rgb <0.10, 0.17, 0.42>] [0.18 rgb <0.10, 0.17, 0.42>]
                [0.18 leopard turbulence 0.35 scale 0.026 color_map { [0.28 rgb <0.84, 0.84, 0.80>] [0.40 rgb <0.20, 0.32, 0.62>] [0.75 rgb <0.06, 0.12, 0.38>] }]
                [0.56 leopard turbulence 0.35 scale 0.026 color_map { [0.28 rgb <0.84, 0.84, 0.80>] [0.40 rgb <0.20, 0.32, 0.62>] [0.75 rgb <0.06, 0.12, 0.38>] }]
                [0.56 rgb <0.10, 0.17, 0.42>] [0.58 rgb <0.10, 0.17, 0.42>] [0.58 rgb <0.84, 0.84, 0.80>] [0.93 rgb <0.84, 0.84, 0.80>] [0.93 rgb <0.10, 0.17, 0.42>]
            }
        }
        normal { bumps 0.05 scale 2 }
        finish { Glaze }
    }
    interior { ior 1.5 }
    rotate -28 * y
    translate <-17, 0.6, 8>
}

union { // wine bottle
    lathe {
        cubic_spline 12,
        <3, -1>, <3.7, 0>, <4.0, 0.8>, <4.0, 8>, <4.0, 17>, <3.6, 20.5>, <1.9, 23.6>, <1.45, 26>, <1.4, 31>, <1.75, 31.4>, <1.7, 33>, <1.2, 33.4>
    }
    pigment { rgb <0.012, 0.035, 0.016> }
    finish { diffuse 0.7 specular 0.9 roughness 0.003 reflection { 0.04, 0.7 fresnel on } }
    interior { ior 1.5 }
    translate <19.5, 0, 18>
}
difference { // its label
    cylinder { <19.5, 6, 18>, <19.5, 14.5, 18>, 4.08 }
    cylinder { <19.5, 5, 18>, <19.5, 15, 18>, 4.03 }
    plane { -z, -16.4 }
    pigment { granite scale 4 color_map { [0 rgb <0.62, 0.52, 0.34>] [1 rgb <0.80, 0.72, 0.52>] } }
}

union { // copper bowl
    lathe {
        cubic_spline 13,
        <2, -1>, <4.6, 0>, <4.8, 0.5>, <4.2, 1.2>, <6.5, 2.6>, <10.6, 5.2>, <13.0, 8.6>, <13.7, 9.4>, <13.5, 9.7>, <12.6, 9.0>, <10.2, 5.8>, <5, 3>, <0, 2.6>
    }
    pigment { granite scale 9 color_map { [0 rgb <0.50, 0.20, 0.08>] [0.6 rgb <0.72, 0.33, 0.14>] [1 rgb <0.40, 0.22, 0.12>] } }
    normal { crackle 0.35 scale 1.3 }
    finish { diffuse 0.45 specular 0.7 roughness 0.03 metallic reflection { 0.22 metallic } }
    translate <4, 1.4, 5>
}

// ---------------------------------------------------------------- fruit

#declare Skin = finish { diffuse 0.8 specular 0.32 roughness 0.03 reflection { 0.005, 0.09 fresnel on } }

#macro Stalk(H) sphere_sweep { cubic_spline 5, <0, -1.2, 0>, 0.16, <0, -0.4, 0>, 0.15, <0.1, H * 0.5, 0>, 0.15, <0.45, H, 0.1>, 0.24, <0.8, H * 1.3, 0.1>, 0.24 tolerance 0.02
    pigment { rgb <0.20, 0.12, 0.05> } } #end

#macro Apple(Size, Cheek, Ground) // unit height about 7
    union {
        lathe {
            cubic_spline 11,
            <0.4, 5>, <0.0, 5.0>, <0.8, 5.8>, <2.2, 6.5>, <3.5, 5.4>, <3.85, 3.7>, <3.3, 1.7>, <2.1, 0.35>, <1.0, 0.15>, <0.0, 0.8>, <-0.3, 1>
            texture {
                pigment {
                    gradient x turbulence 0.16 scale 12 translate -5.6 * x
                    color_map { [0.15 rgb Ground] [0.42 rgb (Ground + Cheek) / 2] [0.62 rgb Cheek] [1 rgb Cheek * 0.6] }
                }
                finish { Skin }
            }
            texture { // streaks from the stalk, and dots
                pigment { radial frequency 34 turbulence 0.10 color_map { [0.3 rgbt 1] [0.8 rgbt <Cheek.x * 0.7, Cheek.y * 0.6, Cheek.z * 0.5, 0.55>] } }
                finish { Skin }
            }
            texture {
                pigment { leopard scale 0.16 turbulence 0.6 color_map { [0.86 rgbt 1] [0.92 rgbt <0.9, 0.75, 0.45, 0.35>] } }
                finish { Skin }
            }
            interior { ior 1.4 }
        }
        object { Stalk(1.9) translate 5.5 * y }
        scale Size
    }
#end

#macro Orange(Size)
    union {
        sphere { 0, 4 scale <1, 0.94, 1> pigment { bozo scale 2 color_map { [0 rgb <0.88, 0.34, 0.02>] [1 rgb <0.95, 0.47, 0.04>] } }
            normal { dents 0.55 scale 0.22 } finish { Skin specular 0.4 } interior { ior 1.4 } }
        sphere { <0, 3.72, 0>, 0.4 scale <1, 1, 1> pigment { rgb <0.20, 0.24, 0.07> } }
        scale Size translate 3.76 * Size * y
    }
#end

#macro Lemon(Size)
    lathe {
        cubic_spline 10, <-0.5, -4.4>, <0, -4.6>, <0.75, -4.1>, <1.7, -3.0>, <2.75, -0.6>, <2.75, 0.8>, <1.7, 3.0>, <0.7, 3.9>, <0, 4.2>, <-0.5, 4.1>
        pigment { bozo scale 2 color_map { [0 rgb <0.92, 0.70, 0.04>] [1 rgb <0.95, 0.82, 0.14>] } }
        normal { dents 0.5 scale 0.28 }
        finish { Skin } interior { ior 1.4 }
        scale Size rotate 90 * z translate 2.75 * Size * y
    }
#end

#macro HalfOrange(Size) // cut face towards -z
    union {
        difference { sphere { 0, 4 } plane { z, 0 } pigment { rgb <0.92, 0.42, 0.03> } normal { dents 0.5 scale 0.22 } finish { Skin } }
        cylinder { <0, 0, -0.02>, <0, 0, 0.1>, 3.92 pigment { rgb <0.93, 0.80, 0.55> } }
        #for (I, 0, 9)
            intersection {
                cylinder { <0, 0, -0.12>, <0, 0, 0.1>, 3.5 }
                plane { y, 0 rotate 16.2 * z } plane { -y, 0 rotate -16.2 * z }
                translate 0.22 * x rotate I * 36 * z
                pigment { wrinkles scale <0.7, 0.2, 1> rotate 36 * I * z color_map { [0 rgb <0.93, 0.42, 0.03>] [1 rgb <0.99, 0.66, 0.14>] } }
                normal { wrinkles 0.7 scale 0.5 } finish { diffuse 0.85 specular 0.9 roughness 0.01 }
            }
        #end
        scale Size
    }
#end

#macro Pear(Size)
    union {
        lathe {
            cubic_spline 12,
            <0.4, 1>, <0, 0.7>, <1.0, 0.1>, <2.5, 0.5>, <3.6, 2.6>, <3.5, 4.6>, <2.5, 6.9>, <1.75, 8.6>, <1.45, 9.8>, <0.8, 10.6>, <0, 10.4>, <-0.4, 10.2>
            texture {
                pigment { bozo turbulence 0.3 scale 5 color_map { [0 rgb <0.45, 0.50, 0.10>] [0.6 rgb <0.68, 0.62, 0.16>] [1 rgb <0.74, 0.46, 0.14>] } } finish { Skin } }
            texture {
                pigment { leopard scale 0.14 turbulence 0.5 color_map { [0.75 rgbt 1] [0.85 rgbt <0.30, 0.20, 0.07, 0.35>] } } finish { Skin } }
            interior { ior 1.4 }
        }
        object { Stalk(2.0) translate 10.5 * y }
        scale Size
    }
#end

#macro Grape(P, Rad)
    sphere { 0, Rad scale <1, 1.12, 1> rotate <40 * rand(R), 0, 40 * rand(R)> translate P
        texture {
            pigment { bozo scale 2.5 translate 50 * rand(R) color_map { [0 rgb <0.14, 0.03, 0.10>] [0.6 rgb <0.24, 0.05, 0.13>] [1 rgb <0.10, 0.04, 0.16>] } }
            finish { diffuse 0.85 specular 0.6 roughness 0.01 reflection { 0.01, 0.3 fresnel on } }
        }
        texture { // bloom
            pigment { bozo turbulence 0.5 scale 1.3 translate 90 * rand(R) color_map { [0.4 rgbt 1] [1.0 rgbt <0.40, 0.42, 0.62, 0.6>] } }
            finish { diffuse 0.8 }
        }
        interior { ior 1.4 }
    }
#end

// In the bowl, higher towards the middle.
object { Apple(1.05, <0.62, 0.05, 0.04>, <0.80, 0.55, 0.12>) rotate <-24, 40, 12> translate <-3, 6.2, -0.5> }
object { Orange(1.0) rotate <20, 30, 20> translate <6.5, 5.4, -2.2> }
object { Apple(1.0, <0.70, 0.10, 0.05>, <0.75, 0.62, 0.18>) rotate <10, 200, -16> translate <12, 6.6, 4.5> }
object { Pear(1.05) rotate <-10, 60, 24> translate <3.6, 7.6, 9> }
object { Orange(0.98) rotate <-20, 60, 40> translate <-2.5, 7.4, 9.5> }
object { Apple(0.95, <0.52, 0.55, 0.10>, <0.70, 0.66, 0.16>) rotate <-30, 120, 0> translate <3.2, 9.6, 2.6> }

// Grapes over the rim of the bowl and on the cloth.
#for (I, 0, 74)
    #local T = I / 74;
    #local A = rand(R) * 2 * pi;
    #local W = 3.5 * sin(pi * min(1, T * 0.85 + 0.12)) * sqrt(rand(R));
    #local S = <15.0 + 5.2 * T + W * cos(A) * 0.9, max(2.4, 11.6 - 13 * T + W * sin(A) * 0.9 + 1.6 * sin(pi * T)), -4.4 - 7.5 * T + W * sin(A * 1.7) * 0.7>;
    Grape(S, Between(1.0, 1.3))
#end

// On the cloth and the table in front.
object { HalfOrange(1.0) rotate <28, 24, 0> translate <-4.2, 4.4, -12.6> }
object { Lemon(1.05) rotate 32 * y translate <4.6, 2.2, -16> }
object { Apple(1.05, <0.66, 0.06, 0.05>, <0.82, 0.60, 0.14>) rotate <8, 62, 8> translate <-14.5, 1.7, -9.5> }
object { Pear(0.98) rotate <0, 20, 76> translate <-20.5, 4.6, -6.2> }
object { Orange(0.95) rotate <15, 10, -20> translate <28.6, 0, 0.5> }
object { Lemon(0.95) rotate -38 * y translate <-28.5, 0, 6> }

// A knife on the table's edge.
union {
    prism { linear_sweep linear_spline 0, 0.16, 9, <0, -0.9>, <0, 0.7>, <8, 0.75>, <11, 0.5>, <13.5, -0.1>, <14.6, -0.6>, <15, -0.85>, <8, -0.9>, <0, -0.9>
        pigment { rgb 0.55 } finish { diffuse 0.3 specular 0.8 roughness 0.01 reflection 0.55 metallic } }
    sphere_sweep { linear_spline 4, <0, 0.1, 0>, 0.62, <-2, 0.15, 0>, 0.72, <-6, 0.2, 0>, 0.72, <-9, 0.2, 0.2>, 0.85
        pigment { wood turbulence 0.2 scale 0.5 rotate 85 * y color_map { [0 rgb <0.20, 0.08, 0.03>] [1 rgb <0.34, 0.16, 0.06>] } } finish { specular 0.3 } }
    rotate <0, 28, 0> translate <16, 2.1, -19>
}
